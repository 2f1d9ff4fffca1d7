import { build, expectReply, write } from '../app.ts'
import { testOnEachEngine } from '../engines.ts'

const BOOK = { title: 'Moby-Dick', author: 'Herman Melville', year: 1851 }
const PLACE = { position: 1, bookId: 1 }
const ANY = { 'if-match': '*' }

testOnEachEngine('places are within their shelf', async (t) => {
  const app = await build(t)
  await app.inject(write('POST', '/books', {}, BOOK))
  for (const name of ['A', 'B']) await app.inject(write('POST', '/shelves', {}, { name }))
  const created = { status: 201, headers: { location: '/shelves/1/places/1' } }
  await expectReply(t, app, write('POST', '/shelves/1/places', {}, PLACE), created)
  const refused = [
    [{ url: '/shelves/9/places' }, 404],
    [{ url: '/shelves/2/places/1' }, 404],
    [write('POST', '/shelves/9/places', { 'idempotency-key': 'a' }, PLACE), 404],
    [write('DELETE', '/shelves/2/places/1', ANY), 404],
    [write('POST', '/shelves/1/places', {}, { ...PLACE, bookId: 9 }), 409],
    [write('DELETE', '/shelves/1', ANY), 409],
  ] as const
  for (const [request, status] of refused) await expectReply(t, app, request, { status })
  t.same((await app.inject('/shelves/2/places')).json().items, [])
  t.same((await app.inject('/shelves/1/places')).json().items, [{ id: 1, ...PLACE }])
})

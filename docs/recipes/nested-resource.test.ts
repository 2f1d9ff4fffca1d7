import { build, expectReply, write } from '../app.ts'
import { testOnEachEngine } from '../engines.ts'

const BOOK = { title: 'Moby-Dick', author: 'Herman Melville', year: 1851 }
const COPY = { number: 1, bookId: 1 }
const ANY = { 'if-match': '*' }

testOnEachEngine('copies are within their library', async (t) => {
  const app = await build(t)
  await app.inject(write('POST', '/books', {}, BOOK))
  for (const name of ['A', 'B']) await app.inject(write('POST', '/libraries', {}, { name }))
  const created = { status: 201, headers: { location: '/libraries/1/copies/1' } }
  await expectReply(t, app, write('POST', '/libraries/1/copies', {}, COPY), created)
  const refused = [
    [{ url: '/libraries/9/copies' }, 404],
    [{ url: '/libraries/2/copies/1' }, 404],
    [write('POST', '/libraries/9/copies', { 'idempotency-key': 'a' }, COPY), 404],
    [write('DELETE', '/libraries/2/copies/1', ANY), 404],
    [write('POST', '/libraries/1/copies', {}, { ...COPY, bookId: 9 }), 409],
    [write('DELETE', '/libraries/1', ANY), 409],
  ] as const
  for (const [request, status] of refused) await expectReply(t, app, request, { status })
  t.same((await app.inject('/libraries/2/copies')).json().items, [])
  t.same((await app.inject('/libraries/1/copies')).json().items, [{ id: 1, ...COPY }])
})

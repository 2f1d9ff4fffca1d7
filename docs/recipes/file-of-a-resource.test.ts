import { build, expectReply, write } from '../app.ts'
import { testOnEachEngine } from '../engines.ts'

const BOOK = { title: 'Moby-Dick', author: 'Herman Melville', year: 1851 }
const PNG = Buffer.from('89504e470d0a1a0a', 'hex')
const put = (url: string, type: string) => ({
  ...write('PUT', url, { 'content-type': type }),
  payload: PNG,
})

testOnEachEngine('stores the cover of a book, returns and deletes it', async (t) => {
  const app = await build(t)
  await app.inject(write('POST', '/books', {}, BOOK))
  const cover = '/books/1/cover'
  await expectReply(t, app, { url: cover }, { status: 404 })
  await expectReply(t, app, put(cover, 'text/html'), { status: 415 })
  await expectReply(t, app, put('/books/9/cover', 'image/png'), { status: 404 })
  await expectReply(t, app, { ...put(cover, 'image/png'), headers: {} }, { status: 401 })
  await expectReply(t, app, put(cover, 'image/png'), { status: 204 })
  await expectReply(t, app, put(cover, 'image/png'), { status: 204 })
  const reply = await app.inject({ url: cover })
  t.same(reply.rawPayload, PNG)
  t.match(reply.headers, { 'content-type': 'image/png', etag: /^"/ })
  await expectReply(t, app, write('DELETE', '/books/1', { 'if-match': '*' }), { status: 204 })
  await expectReply(t, app, { url: cover }, { status: 404 })
})

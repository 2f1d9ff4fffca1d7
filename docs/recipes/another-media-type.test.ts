import { build, expectReply, write } from '../app.ts'
import { testOnEachEngine } from '../engines.ts'

const BOOK = { title: '=1+1', author: 'A "quoted" name', year: 1851 }

testOnEachEngine('returns the books in the media type that the client accepts', async (t) => {
  const app = await build(t)
  await app.inject(write('POST', '/books', {}, BOOK))
  const ask = (accept: string) => ({ url: '/book-sheet', headers: { accept } })
  await expectReply(t, app, ask('application/json'), { body: { rows: [{ id: 1, ...BOOK }] } })
  await expectReply(t, app, ask('text/csv'), {
    type: 'text/csv',
    body: '"id","title","author","year"\r\n1,"\'=1+1","A ""quoted"" name",1851\r\n',
  })
  await expectReply(t, app, ask('image/png'), { status: 406 })
})

import t from 'tap'
import { build, expectReply, write } from '../../app.ts'

t.test('a POST whose If-Match names another version of the list gets 412', async (t) => {
  const request = write('POST', '/users', { 'if-match': '"another"' }, { name: 'luis' })
  await expectReply(t, await build(t), request, { status: 412 })
})

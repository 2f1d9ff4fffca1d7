import t from 'tap'
import { createMessageStore } from '../../../routes/messages/store.ts'
import { AUTHORIZATION, build, expectReply } from '../../app.ts'
import { testOnEachEngine } from '../../engines.ts'
import { testListVersion, testRefusedQueries } from '../../list-checks.ts'

testOnEachEngine(
  'GET /messages returns descriptions of the messages, and filters them by media type',
  async (t) => {
    const app = await build(t)
    await expectReply(t, app, { url: '/messages' }, { body: { items: [] } })
    const message = { mediaType: 'text/plain', fileName: null, bytes: Buffer.from('hello') }
    const stored = await app.store(createMessageStore).create(message)
    for (const url of [
      '/messages',
      '/messages?sort=-createdAt',
      '/messages?mediaType=text/plain',
    ]) {
      await expectReply(t, app, { url }, { body: { items: [stored] } })
    }
    await expectReply(t, app, { url: '/messages?mediaType=text/html' }, { body: { items: [] } })
  },
)

testRefusedQueries('/messages', [
  ['mediaType=%00', 'mediaType'],
  ['sort=size', 'sort'],
])

t.test('OPTIONS /messages lists the methods, and DELETE returns 405', async (t) => {
  const app = await build(t)
  const headers = { allow: 'GET, HEAD, OPTIONS, POST' }
  await expectReply(t, app, { method: 'OPTIONS', url: '/messages' }, { status: 204, headers })
  const remove = {
    method: 'DELETE',
    url: '/messages',
    headers: { authorization: AUTHORIZATION },
  } as const
  await expectReply(t, app, remove, { status: 405 })
})

testListVersion('/messages', {})

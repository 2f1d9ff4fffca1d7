import { hash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { digestToken } from '../../../plugins/auth/token.ts'
import { createMessageStore } from '../../../routes/messages/store.ts'
import { AUTHORIZATION, build, expectReply } from '../../app.ts'
import { testOnEachEngine } from '../../engines.ts'

const ETAG = `"${hash('sha256', 'Hello')}"`

function post(fields: Record<string, string> = {}) {
  const headers = { 'content-type': 'text/plain', ...fields }
  return { method: 'POST', url: '/messages', headers, payload: 'Hello' } as const
}

function remove(fields: Record<string, string> = {}, id = 1) {
  const headers = { authorization: AUTHORIZATION, ...fields }
  return { method: 'DELETE', url: `/messages/${id}`, headers } as const
}

async function isThere(app: FastifyInstance) {
  return (await app.store(createMessageStore).find(1)) !== undefined
}

for (const field of [ETAG, `"other", ${ETAG}`, '*']) {
  testOnEachEngine(
    `DELETE /messages/:messageId with If-Match: ${field} deletes the message`,
    async (t) => {
      const app = await build(t)
      await app.inject(post())
      await expectReply(t, app, remove({ 'if-match': field }), { status: 204, body: '' })
      await expectReply(t, app, { url: '/messages/1' }, { status: 404 })
      await expectReply(t, app, remove({ 'if-match': field }), { status: 404 })
      const next = { status: 201, headers: { location: '/messages/2' } }
      await expectReply(t, app, post(), next)
    },
  )
}

const REFUSED: [fields: Record<string, string>, status: number][] = [
  [{}, 428],
  [{ 'if-none-match': '"other"' }, 428],
  [{ 'if-none-match': ETAG }, 412],
  [{ 'if-match': '"other"' }, 412],
  [{ 'if-match': `W/${ETAG}` }, 412],
  [{ 'if-match': `${ETAG.slice(0, -2)}"` }, 412],
  [{ 'if-match': 'nonsense' }, 400],
  [{ 'if-match': ETAG, authorization: 'Bearer wrong' }, 401],
]

for (const [fields, status] of REFUSED) {
  testOnEachEngine(
    `DELETE of a message with ${JSON.stringify(fields)} returns ${status}`,
    async (t) => {
      const app = await build(t)
      await app.inject(post())
      await expectReply(t, app, remove(fields), { status })
      t.ok(await isThere(app), 'the message still exists')
    },
  )
}

testOnEachEngine('DELETE of a missing message returns 404', async (t) => {
  const app = await build(t)
  await expectReply(t, app, remove({ 'if-match': '*' }), { status: 404 })
  await expectReply(t, app, remove(), { status: 404 })
})

testOnEachEngine('only one of several concurrent DELETEs of a message succeeds', async (t) => {
  const app = await build(t)
  await app.inject(post())
  const requests = Array.from({ length: 8 }, () => app.inject(remove({ 'if-match': ETAG })))
  const statuses = (await Promise.all(requests)).map(({ statusCode }) => statusCode)
  t.same(statuses.sort(), [204, ...Array(7).fill(404)])
})

testOnEachEngine(
  "with the tutorial's accounts, POST /messages requires no credentials",
  async (t) => {
    const app = await build(t)
    const basic = `Basic ${Buffer.from('admin:wrong').toString('base64')}`
    for (const authorization of ['', AUTHORIZATION, basic, 'Bearer wrong', 'nonsense']) {
      await expectReply(t, app, post({ authorization }), { status: 201 })
    }
  },
)

const ACCOUNTS = `writer:write:${digestToken('may-write')} reader::${digestToken('may-read')}`

testOnEachEngine(
  "with accounts other than the tutorial's, POST /messages requires the scope write",
  async (t) => {
    const app = await build(t, { AUTH_TOKENS: ACCOUNTS })
    for (const [authorization, status] of [
      ['', 401],
      [AUTHORIZATION, 401],
      ['Bearer secret-token', 401],
      ['Bearer may-read', 403],
    ] as const) {
      await expectReply(t, app, post({ authorization }), { status })
    }
    t.notOk(await isThere(app), 'nothing is stored')
    await expectReply(t, app, post({ authorization: 'Bearer may-write' }), { status: 201 })
    const request = remove({ 'if-match': '*', authorization: 'Bearer may-read' })
    await expectReply(t, app, request, { status: 403 })
    await expectReply(t, app, { url: '/messages/1' }, { body: 'Hello' })
  },
)

testOnEachEngine(
  'with the app option `authenticate`, POST /messages requires the scope write',
  async (t) => {
    const app = await build(t, {}, { authenticate: async () => ({ name: 'reader', scopes: [] }) })
    await expectReply(t, app, post(), { status: 401 })
    await expectReply(t, app, post({ authorization: AUTHORIZATION }), { status: 403 })
    t.notOk(await isThere(app))
  },
)

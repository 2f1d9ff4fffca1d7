import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import type { Test } from 'tap'
import type { Credentials } from '../../../plugins/auth/credentials.ts'
import { createArticleStore } from '../../../routes/articles/store.ts'
import { AUTHORIZATION, build, expectReply } from '../../app.ts'
import { lastingUrl, testOnEachEngine } from '../../engines.ts'

const FIELDS = { title: 'A title', body: 'A body', author: 'Zoë' }
const KEY = '8e03978e-40d5-43e8-bc93-6894a57f9324'

function create(fields: Record<string, string> = {}, payload: object = FIELDS) {
  const headers = {
    accept: 'application/json',
    authorization: AUTHORIZATION,
    'idempotency-key': KEY,
    ...fields,
  }
  return { method: 'POST', url: '/articles', headers, payload } as const
}

/** Repeats the request and expects the first response. */
async function expectSame(t: Test, app: FastifyInstance, first: LightMyRequestResponse) {
  const { location, etag } = first.headers
  const headers = { location: String(location), etag: String(etag) }
  const type = String(first.headers['content-type'])
  await expectReply(t, app, create(), { status: 201, type, headers, body: first.body })
}

/** Authenticates every name with any password. */
const authenticate = async (credentials: Credentials) =>
  credentials.scheme === 'Basic' ? { name: credentials.name, scopes: ['write'] } : undefined

/** Returns an Authorization header field for this account. */
const by = (name: string) => ({
  authorization: `Basic ${Buffer.from(`${name}:x`).toString('base64')}`,
})

async function countArticles(app: FastifyInstance) {
  return (await app.store(createArticleStore).list({ limit: 100, sort: 'id' })).items.length
}

testOnEachEngine(
  'two POST /articles with the same Idempotency-Key create one article',
  async (t) => {
    const app = await build(t)
    const headers = { location: '/articles/124' }
    const first = await expectReply(t, app, create(), { status: 201, headers })
    await expectSame(t, app, first)
    t.equal(await countArticles(app), 2)
  },
)

testOnEachEngine(
  'a repeat gets the first result in the media type of its own Accept',
  async (t) => {
    const app = await build(t)
    const first = await expectReply(t, app, create(), { status: 201 })
    const tag = String(first.headers.etag)
    for (const [accept, etag, body] of [
      ['application/xml', tag.replace('json', 'xml'), /<title>A title<\/title>/],
      ['text/html', tag.replace('json', 'html'), /A title/],
      ['text/plain', tag.replace('json', 'plain'), /^You are reading 124$/],
    ] as const) {
      const headers = { location: '/articles/124', etag }
      const reply = await expectReply(t, app, create({ accept }), { status: 201, headers })
      t.match(reply.headers['content-type'], accept)
      t.match(reply.body, body)
    }
    await expectReply(t, app, create({ accept: 'image/png' }), { status: 406 })
    await expectSame(t, app, first)
  },
)

testOnEachEngine(
  'a repeat gets the first result after the article was changed or deleted',
  async (t) => {
    const app = await build(t)
    const first = await expectReply(t, app, create(), { status: 201 })
    const { authorization } = create().headers
    const headers = { authorization, 'if-match': '*' }
    const payload = { ...FIELDS, title: 'Another title' }
    const url = '/articles/124'
    await expectReply(t, app, { method: 'PUT', url, headers, payload }, {})
    await expectSame(t, app, first)
    await expectReply(t, app, { method: 'DELETE', url, headers }, { status: 204 })
    await expectSame(t, app, first)
    await expectReply(t, app, { url }, { status: 404 })
  },
)

testOnEachEngine('a repeat gets the first result after a restart', async (t) => {
  const url = { DATABASE_URL: await lastingUrl(t) }
  const before = await build(t, url)
  const first = await expectReply(t, before, create(), { status: 201 })
  await before.close()
  const after = await build(t, url)
  await expectSame(t, after, first)
  t.equal(await countArticles(after), 2)
})

testOnEachEngine('the same Idempotency-Key from two accounts creates two articles', async (t) => {
  const app = await build(t, {}, { authenticate })
  for (const [name, id] of [
    ['anna', 124],
    ['bob', 125],
    ['anna', 124],
  ] as const) {
    const headers = { location: `/articles/${id}` }
    await expectReply(t, app, create(by(name)), { status: 201, headers })
  }
  // The service does not compare requests of different accounts, because a 422 would disclose that the key is in use.
  await expectReply(t, app, create(by('carl'), { ...FIELDS, title: 'Else' }), { status: 201 })
})

testOnEachEngine(
  'two pairs of account and key are distinct even if they concatenate to the same text',
  async (t) => {
    const app = await build(t, {}, { authenticate })
    const inKey = { ...by('anna'), 'idempotency-key': '"x\\",\\"POST /articles\\",\\"y"' }
    const inName = { ...by('anna","POST /articles","x'), 'idempotency-key': 'y' }
    for (const [fields, id] of [
      [inKey, 124],
      [inName, 125],
      [inKey, 124],
    ] as const) {
      const headers = { location: `/articles/${id}` }
      await expectReply(t, app, create(fields), { status: 201, headers })
    }
  },
)

testOnEachEngine(
  'POST of another article with the same key returns 422 and creates nothing',
  async (t) => {
    const app = await build(t)
    const first = await expectReply(t, app, create(), { status: 201 })
    await expectReply(t, app, create({}, { ...FIELDS, title: 'Else' }), { status: 422 })
    await expectSame(t, app, first)
    t.equal(await countArticles(app), 2)
  },
)

testOnEachEngine('a refused request does not use up its Idempotency-Key', async (t) => {
  const app = await build(t)
  await expectReply(t, app, create({ authorization: '' }), { status: 401 })
  await expectReply(t, app, create({}, { ...FIELDS, title: '' }), { status: 400 })
  await expectReply(t, app, create(), { status: 201 })
})

testOnEachEngine('twenty concurrent requests with one key create one article', async (t) => {
  const app = await build(t)
  const replies = await Promise.all(Array.from({ length: 20 }, () => app.inject(create())))
  const created = replies.filter(({ statusCode }) => statusCode === 201)
  const refused = replies.filter(({ statusCode }) => statusCode === 409)
  t.ok(created.length >= 1)
  t.equal(created.length + refused.length, 20)
  t.equal(new Set(created.map(({ body }) => body)).size, 1)
  t.equal(await countArticles(app), 2)
})

testOnEachEngine(
  'twenty concurrent requests with different keys create twenty articles',
  async (t) => {
    const app = await build(t)
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, number) =>
        app.inject(create({ 'idempotency-key': `key-${number}` })),
      ),
    )
    t.ok(replies.every(({ statusCode }) => statusCode === 201))
    t.equal(await countArticles(app), 21)
  },
)

import type { FastifyInstance } from 'fastify'
import { createArticleStore } from '../../../routes/articles/store.ts'
import { build, expectReply, write } from '../../app.ts'
import { testOnEachEngine } from '../../engines.ts'

const FIELDS = { title: 'A title', body: 'A body', author: 'Zoë' }
const AS_JSON = { accept: 'application/json' }

async function titleOf(app: FastifyInstance, id = 123) {
  return (await app.store(createArticleStore).find(id))?.article.title
}

testOnEachEngine('POST /articles creates an article and returns its Location', async (t) => {
  const app = await build(t)
  const headers = { location: '/articles/124' }
  const request = write('POST', '/articles', AS_JSON, FIELDS)
  const created = await expectReply(t, app, request, { status: 201, headers })
  t.match(created.json(), { id: 124, ...FIELDS })
  const found = { url: '/articles/124', headers: AS_JSON }
  const { etag } = created.headers
  t.match(etag, /^"1\.[0-9a-f]{16}-json"$/)
  await expectReply(t, app, found, { body: created.json(), headers: { etag: String(etag) } })
})

for (const [method, url] of [
  ['POST', '/articles'],
  ['PUT', '/articles/123'],
  ['DELETE', '/articles/123'],
] as const) {
  testOnEachEngine(`${method} ${url} requires the scope write`, async (t) => {
    const reader = async () => ({ name: 'reader', scopes: [] })
    const payload = method === 'DELETE' ? undefined : FIELDS
    const anonymous = { method, url, headers: { 'if-match': '*' }, payload }
    await expectReply(t, await build(t), anonymous, { status: 401 })
    const app = await build(t, {}, { authenticate: reader })
    await expectReply(t, app, write(method, url, { 'if-match': '*' }, payload), { status: 403 })
    t.equal(await titleOf(app), 'Implementing a RESTful Web API')
    t.equal(await titleOf(app, 124), undefined)
  })
}

/** Invalid bodies, with the member that the error names. */
const REFUSED: [payload: object, pointer: string][] = [
  [{ ...FIELDS, title: undefined }, '/title'],
  [{ ...FIELDS, title: '' }, '/title'],
  [{ ...FIELDS, title: ' ' }, '/title'],
  [{ ...FIELDS, title: 'two\u2028lines' }, '/title'],
  [{ ...FIELDS, title: null }, '/title'],
  [{ ...FIELDS, title: ['A title'] }, '/title'],
  [{ ...FIELDS, title: 'a'.repeat(201) }, '/title'],
  [{ ...FIELDS, title: 'two\nlines' }, '/title'],
  [{ ...FIELDS, title: 'escape \u001b' }, '/title'],
  [{ ...FIELDS, title: 'NUL \0' }, '/title'],
  [{ ...FIELDS, title: 'half \ud800' }, '/title'],
  [{ ...FIELDS, author: 'a\u0085' }, '/author'],
  [{ ...FIELDS, author: 'a'.repeat(101) }, '/author'],
  [{ ...FIELDS, body: 'NUL \0' }, '/body'],
  [{ ...FIELDS, body: 'half \udc00' }, '/body'],
  [{ ...FIELDS, body: 1 }, '/body'],
  [{ ...FIELDS, body: 'a'.repeat(100_001) }, '/body'],
  [{ ...FIELDS, id: 5 }, '/id'],
  [{ ...FIELDS, createdAt: '2026-01-01T00:00:00.000Z' }, '/createdAt'],
  [[FIELDS], ''],
]

for (const [payload, pointer] of REFUSED) {
  // A line separator in a test title would break the report of the tests.
  const shown = JSON.stringify(payload)
    .replace(/[^ -~]/g, '?')
    .slice(0, 80)
  testOnEachEngine(`an article ${shown} gets 400 for ${pointer || 'the body'}`, async (t) => {
    const app = await build(t)
    for (const request of [
      write('POST', '/articles', {}, payload),
      write('PUT', '/articles/123', { 'if-match': '*' }, payload),
    ]) {
      const reply = await expectReply(t, app, request, { status: 400 })
      t.match(reply.json().errors, [{ in: 'body', pointer }])
    }
    t.equal(await titleOf(app), 'Implementing a RESTful Web API')
    t.equal(await titleOf(app, 124), undefined)
  })
}

testOnEachEngine(
  'the error for a value that does not match a pattern describes the pattern in words',
  async (t) => {
    const app = await build(t)
    const request = write('POST', '/articles', {}, { ...FIELDS, title: 'a\tb' })
    const reply = await expectReply(t, app, request, { status: 400 })
    t.match(reply.json().errors, [
      { message: 'must be one line of visible Unicode text without control characters' },
    ])
  },
)

testOnEachEngine(
  'POST /articles accepts text of any script, and a body of many lines',
  async (t) => {
    const app = await build(t)
    const fields = { title: '日本 😀', body: 'one\ntwo\tthree\r\n😀', author: "O'Brien <b>" }
    const request = write('POST', '/articles', AS_JSON, fields)
    const reply = await expectReply(t, app, request, { status: 201 })
    t.match(reply.json(), fields)
  },
)

testOnEachEngine('POST /articles returns 415 for a body that is not JSON', async (t) => {
  const app = await build(t)
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const request = write('POST', '/articles', form, 'title=A')
  await expectReply(t, app, request, { status: 415, headers: { accept: 'application/json' } })
})

testOnEachEngine('GET /articles/:articleId returns 304 for the current ETag', async (t) => {
  const app = await build(t)
  const headers = { accept: 'application/json', 'if-none-match': '"1-json"' }
  const reply = await app.inject({ url: '/articles/123', headers })
  t.equal(reply.statusCode, 304)
  t.equal(reply.body, '')
  t.match(reply.headers, { etag: '"1-json"', vary: 'Accept' })
  t.notOk(reply.headers['content-type'], 'a 304 has no Content-Type')
  const asXml = { ...headers, accept: 'application/xml' }
  await expectReply(
    t,
    app,
    { url: '/articles/123', headers: asXml },
    { headers: { etag: '"1-xml"' } },
  )
})

testOnEachEngine('PUT /articles/:articleId replaces the version that If-Match names', async (t) => {
  const app = await build(t)
  const request = write('PUT', '/articles/123', { ...AS_JSON, 'if-match': '"1-json"' }, FIELDS)
  const replaced = await expectReply(t, app, request, {})
  t.match(replaced.headers.etag, /^"2\.[0-9a-f]{16}-json"$/)
  t.match(replaced.json(), { id: 123, ...FIELDS, createdAt: '2012-04-25T16:40:27.000Z' })
  await expectReply(t, app, request, { status: 412 })
  await expectReply(t, app, write('PUT', '/articles/123', {}, FIELDS), { status: 428 })
  t.match((await app.store(createArticleStore).find(123))?.version, /^2\./)
})

testOnEachEngine('PUT /articles/:articleId creates a missing article', async (t) => {
  const app = await build(t)
  const once = write('PUT', '/articles/500', { 'if-none-match': '*' }, FIELDS)
  const headers = { location: '/articles/500' }
  await expectReply(t, app, once, { status: 201, headers })
  await expectReply(t, app, once, { status: 412, headers: { location: undefined } })
  await expectReply(t, app, write('PUT', '/articles/501', {}, FIELDS), { status: 201 })
  const expectant = write('PUT', '/articles/502', { 'if-match': '*' }, FIELDS)
  await expectReply(t, app, expectant, { status: 412 })
  const huge = write('PUT', '/articles/1000000000001', {}, FIELDS)
  await expectReply(t, app, huge, { status: 404 })
})

testOnEachEngine('one of two concurrent PUTs with If-None-Match: * gets 412', async (t) => {
  const app = await build(t)
  const requests = [FIELDS, FIELDS].map((fields) =>
    app.inject(write('PUT', '/articles/500', { 'if-none-match': '*' }, fields)),
  )
  const statuses = (await Promise.all(requests)).map(({ statusCode }) => statusCode)
  t.same(statuses.sort(), [201, 412])
})

testOnEachEngine(
  'DELETE /articles/:articleId deletes the version that If-Match names',
  async (t) => {
    const app = await build(t)
    await expectReply(t, app, write('DELETE', '/articles/123'), { status: 428 })
    const stale = write('DELETE', '/articles/123', { 'if-match': '"7-json"' })
    await expectReply(t, app, stale, { status: 412 })
    const request = write('DELETE', '/articles/123', { 'if-match': '"1-json"' })
    await expectReply(t, app, request, { status: 204, body: '' })
    await expectReply(t, app, { url: '/articles/123' }, { status: 404 })
    await expectReply(t, app, write('DELETE', '/articles/123'), { status: 404 })
    await expectReply(t, app, request, { status: 404 })
  },
)

testOnEachEngine('no update is lost with 64 concurrent writers', async (t) => {
  const app = await build(t)
  async function update(writer: number): Promise<number> {
    const { headers } = await app.inject({ url: '/articles/123', headers: AS_JSON })
    const expected = { 'if-match': headers.etag }
    const fields = { ...FIELDS, title: `by ${writer}` }
    const { statusCode } = await app.inject(write('PUT', '/articles/123', expected, fields))
    return statusCode
  }
  const statuses = await Promise.all(Array.from({ length: 64 }, (_, writer) => update(writer)))
  t.same([...new Set(statuses)].sort(), [200, 412], 'some writers succeed, and the others get 412')
  const accepted = statuses.filter((status) => status === 200).length
  t.match(
    (await app.store(createArticleStore).find(123))?.version,
    new RegExp(`^${1 + accepted}\\.`),
  )
})

testOnEachEngine('If-Match: * matches any version in 64 concurrent requests', async (t) => {
  const app = await build(t)
  const requests = Array.from({ length: 64 }, (_, index) =>
    write('PUT', '/articles/123', { 'if-match': '*' }, { ...FIELDS, title: `Title ${index}` }),
  )
  const replies = await Promise.all(requests.map((request) => app.inject(request)))
  t.ok(replies.every(({ statusCode }) => statusCode === 200))
  t.match((await app.store(createArticleStore).find(123))?.version, /^65\./)
})

testOnEachEngine(
  'PUT accepts an id that the service has assigned, even if it is too large for clients to choose',
  async (t) => {
    const app = await build(t)
    await expectReply(t, app, write('PUT', '/articles/1000000000000', {}, FIELDS), { status: 201 })
    const counted = '/articles/1000000000001'
    const created = write('POST', '/articles', {}, FIELDS)
    await expectReply(t, app, created, { status: 201, headers: { location: counted } })
    await expectReply(t, app, write('PUT', counted, { 'if-match': '*' }, FIELDS), {})
  },
)

testOnEachEngine('POST /articles accepts a body of the maximum length in any script', async (t) => {
  const app = await build(t)
  const longest = write('POST', '/articles', {}, { ...FIELDS, body: '😀'.repeat(100_000) })
  await expectReply(t, app, longest, { status: 201 })
})

testOnEachEngine('PUT with Content-Range returns 400', async (t) => {
  const app = await build(t)
  const part = { 'if-match': '*', 'content-range': 'bytes 0-5/10' }
  await expectReply(t, app, write('PUT', '/articles/123', part, FIELDS), { status: 400 })
  t.equal(await titleOf(app), 'Implementing a RESTful Web API')
})

testOnEachEngine(
  'GET /articles/:articleId with If-Match returns 412 for another version',
  async (t) => {
    const app = await build(t)
    const headers = { accept: 'application/json', 'if-match': '"7-json"' }
    await expectReply(t, app, { url: '/articles/123', headers }, { status: 412 })
  },
)

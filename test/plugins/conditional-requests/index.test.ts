import { Readable } from 'node:stream'
import { mock } from 'node:test'
import type { FastifyInstance, FastifyReply } from 'fastify'
import t from 'tap'
import { type Version, writeExpected } from '../../../src/http/preconditions.ts'
import type { Session } from '../../../src/storage/database.ts'
import { AUTHORIZATION, build, buildWith, expectReply, write } from '../../app.ts'
import '../../fixtures/register.ts'

const BEFORE = 'Wed, 25 Apr 2012 16:40:26 GMT'
const DATE = 'Wed, 25 Apr 2012 16:40:27 GMT'
const TEXT = '0123456789'

/** Registers routes that set validators as header fields. */
async function routes(app: FastifyInstance) {
  const tagged = (reply: FastifyReply) => reply.headers({ etag: '"1"', 'content-type': 'x/y' })
  app.get('/tagged', (_request, reply) => tagged(reply).send(TEXT))
  app.get('/dated', (_request, reply) => reply.header('last-modified', DATE).send(TEXT))
  app.get('/plain', (_request, reply) => reply.send(TEXT))
  app.post('/tagged', (_request, reply) => tagged(reply).send(TEXT))
  app.get('/made', (_request, reply) => tagged(reply).code(201).send(TEXT))
  app.get('/parts', (_request, reply) =>
    tagged(reply)
      .headers({ 'accept-ranges': 'bytes', 'last-modified': DATE })
      .send(Buffer.from(TEXT)),
  )
  app.get('/described', (_request, reply) =>
    tagged(reply)
      .headers({ 'cache-control': 'no-cache', link: '</>; rel="up"', 'last-modified': DATE })
      .headers({ 'content-location': '/described', 'content-length': '10' })
      .header('content-encoding', 'x-none')
      .send(TEXT),
  )
}

const CASES: [url: string, fields: Record<string, string>, status: number][] = [
  ['/tagged', { 'if-none-match': '"1"' }, 304],
  ['/tagged', { 'if-none-match': 'W/"1"' }, 304],
  ['/tagged', { 'if-none-match': '*' }, 304],
  ['/tagged', { 'if-none-match': '"2"' }, 200],
  ['/tagged', { 'if-match': '"1"' }, 200],
  ['/tagged', { 'if-match': '"2"' }, 412],
  ['/tagged', { 'if-modified-since': DATE }, 200],
  ['/tagged', { 'if-none-match': 'nonsense' }, 400],
  ['/dated', { 'if-modified-since': DATE }, 304],
  ['/dated', { 'if-modified-since': BEFORE }, 200],
  ['/dated', { 'if-unmodified-since': BEFORE }, 412],
  ['/dated', { 'if-unmodified-since': DATE }, 200],
  ['/dated', { 'if-none-match': '"1"', 'if-modified-since': DATE }, 200],
  ['/plain', { 'if-none-match': '*' }, 304],
  ['/plain', { 'if-none-match': '*', 'if-match': '*' }, 304],
  ['/plain', { 'if-none-match': '"1"' }, 200],
  ['/plain', { 'if-match': '*' }, 200],
  ['/plain', { 'if-match': '"1"' }, 412],
  ['/plain', { 'if-modified-since': DATE }, 200],
  ['/plain', { 'if-unmodified-since': BEFORE }, 200],
  ['/made', { 'if-none-match': '"1"' }, 201],
  ['/made', { 'if-match': '"2"' }, 201],
  ['/nowhere', { 'if-none-match': '*' }, 404],
  ['/nowhere', { 'if-match': '"1"' }, 404],
  ['/notes/4', { 'if-match': 'nonsense' }, 404],
]

for (const [url, headers, status] of CASES) {
  t.test(`GET ${url} with ${JSON.stringify(headers)} returns ${status}`, async (t) => {
    const app = await buildWith(t, routes)
    const reply = await app.inject({ url, headers })
    t.equal(reply.statusCode, status)
    if (status === 200) t.equal(reply.body, TEXT)
    const head = await app.inject({ method: 'HEAD', url, headers })
    t.equal(head.statusCode, status, 'HEAD returns the same status')
    t.equal(head.body, '')
    for (const { headers } of [reply, head]) {
      delete headers.date
      delete headers['x-request-id']
    }
    t.strictSame(head.headers, reply.headers, 'HEAD has the same header fields')
  })
}

t.test('a 304 has the header fields of the 200, except those that describe content', async (t) => {
  const app = await buildWith(t, routes)
  const headers = { 'if-none-match': '"1"' }
  for (const method of ['GET', 'HEAD'] as const) {
    const reply = await app.inject({ method, url: '/described', headers })
    t.equal(reply.statusCode, 304)
    t.equal(reply.body, '')
    t.match(reply.headers, {
      etag: '"1"',
      'last-modified': DATE,
      'cache-control': 'no-cache',
      'content-location': '/described',
      link: '</>; rel="up"',
      vary: /\bAccept\b/,
    })
    for (const name of ['type', 'length', 'encoding']) t.notOk(reply.headers[`content-${name}`])
  }
})

const NOTE = { title: 'a', body: 'b', author: 'c' }
const LIST_TAG = '{tag}' // replaced by the current tag of the list

const UNSAFE: [
  url: string,
  fields: Record<string, string>,
  status: number,
  message?: string | RegExp,
][] = [
  ['/notes', { 'if-match': LIST_TAG }, 201],
  ['/notes', { 'if-match': '*' }, 201],
  ['/notes', { 'if-match': '"nope"' }, 412, 'If-Match: the resource has changed'],
  ['/notes', { 'if-match': `W/${LIST_TAG}` }, 412, 'If-Match: the tag is weak'],
  ['/notes', { 'if-match': 'nonsense' }, 400],
  ['/notes', { 'if-none-match': '*' }, 412, 'If-None-Match: the resource exists'],
  ['/notes', { 'if-none-match': LIST_TAG }, 412],
  ['/notes', { 'if-none-match': '"nope"' }, 201],
  ['/notes', { 'if-unmodified-since': BEFORE }, 201],
  ['/files', { 'if-match': '*' }, 412, 'If-Match: the resource does not exist'],
  ['/files', { 'if-match': '"nope"' }, 412],
  ['/files', { 'if-none-match': '*' }, 201],
  ['/tagged', { 'if-match': '*' }, 200],
  ['/tagged', { 'if-match': '"1"' }, 412, 'If-Match: the resource has no ETag'],
  ['/tagged', { 'if-none-match': '*' }, 412],
  ['/tagged', { 'if-none-match': '"1"' }, 200],
  ['/dated', { 'if-unmodified-since': BEFORE }, 412, 'If-Unmodified-Since'],
  ['/dated', { 'if-unmodified-since': DATE }, 200],
  ['/gone', { 'if-match': '*' }, 412],
  ['/gone', { 'if-none-match': '*' }, 200],
]

for (const [url, fields, status, message = /./] of UNSAFE) {
  t.test(`POST ${url} with ${JSON.stringify(fields)} returns ${status}`, async (t) => {
    let calls = 0
    const app = await buildWith(t, async (app) => {
      await app.register(routes)
      const dated = { version: '1', modifiedAt: new Date(DATE).toISOString() }
      const post = (path: string, currentVersion: () => Promise<Version | undefined>) =>
        app.post(path, { config: { currentVersion } }, async () => ++calls)
      post('/dated', async () => dated)
      post('/gone', async () => undefined)
    })
    const list = () => app.inject({ url: '/notes', headers: { accept: 'application/json' } })
    const before = await list()
    const tag = String(before.headers.etag)
    const headers = Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [name, value.replace(LIST_TAG, tag)]),
    )
    const reply = await app.inject(write('POST', url, headers, NOTE))
    t.equal(reply.statusCode, status)
    t.match(reply.body, message)
    if (status < 300) return
    t.equal((await list()).headers.etag, tag, 'nothing is created')
    t.equal(calls, 0, 'the handler is not called')
  })
}

t.test(
  'a repeat with Idempotency-Key gets its result, although the list has changed',
  async (t) => {
    const app = await build(t)
    const { etag } = (await app.inject('/notes')).headers
    const match = { 'if-match': String(etag) }
    const fields = { ...match, 'idempotency-key': 'a' }
    const first = await app.inject(write('POST', '/notes', fields, NOTE))
    t.equal(first.statusCode, 201)
    const repeat = await app.inject(write('POST', '/notes', fields, NOTE))
    t.same([repeat.statusCode, repeat.body], [201, first.body])
    for (const others of [match, { ...match, 'idempotency-key': 'b' }]) {
      t.equal((await app.inject(write('POST', '/notes', others, NOTE))).statusCode, 412)
    }
  },
)

t.test('a repeat gets 409 while the first request is in progress', async (t) => {
  const started = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  const app = await buildWith(t, async (app) => {
    const store = (session: Session) => session
    app.post('/slow', (request) =>
      request.idempotent(store, async () => {
        started.resolve()
        await release.promise
        return { done: true }
      }),
    )
  })
  const post = (fields: object) =>
    app.inject(write('POST', '/slow', { 'idempotency-key': 'a', ...fields }))
  const first = post({})
  await started.promise
  t.equal((await post({ 'if-match': '*' })).statusCode, 409)
  release.resolve()
  t.equal((await first).statusCode, 200)
})

const PARTS: [fields: Record<string, string>, status: number, body: string | undefined][] = [
  [{}, 206, '01234'],
  [{ 'if-range': '"1"' }, 206, '01234'],
  [{ 'if-range': DATE }, 206, '01234'],
  [{ 'if-range': BEFORE }, 200, TEXT],
  [{ 'if-range': 'W/"1"' }, 200, TEXT],
  [{ 'if-none-match': '"2"' }, 206, '01234'],
  [{ 'if-none-match': '"1"' }, 304, ''],
  [{ 'if-none-match': '"1"', range: 'bytes=10-' }, 304, ''],
  [{ 'if-match': '"2"' }, 412, undefined],
  [{ 'if-match': '"2"', range: 'bytes=10-' }, 412, undefined],
  [{ range: 'bytes=10-' }, 416, undefined],
  [{ range: 'bytes=10-', 'if-range': '"2"' }, 200, TEXT],
]

for (const [fields, status, body] of PARTS) {
  t.test(`a GET of a range with ${JSON.stringify(fields)} gets ${status}`, async (t) => {
    const app = await buildWith(t, routes)
    const reply = await app.inject({ url: '/parts', headers: { range: 'bytes=0-4', ...fields } })
    t.equal(reply.statusCode, status)
    if (body !== undefined) t.equal(reply.body, body)
    const contentRange = { 206: 'bytes 0-4/10', 416: 'bytes */10' }[status]
    t.equal(reply.headers['content-range'], contentRange)
    if (status >= 400) t.equal(reply.headers.etag, undefined, 'an error has no ETag')
  })
}

t.test('Range is ignored without Accept-Ranges', async (t) => {
  const app = await buildWith(t, routes)
  const request = { url: '/tagged', headers: { range: 'bytes=0-4' } }
  await expectReply(t, app, request, { body: TEXT, headers: { 'content-range': undefined } })
})

t.test('a 412 has exactly one error document, with the right Content-Length', async (t) => {
  const app = await buildWith(t, routes)
  const { body, headers } = await app.inject({
    url: '/tagged',
    headers: { 'if-match': '"2"', 'if-none-match': '*' },
  })
  t.same(JSON.parse(body), {
    status: 412,
    message: 'Precondition Failed: If-Match does not match the current ETag',
  })
  t.equal(headers['content-length'], String(body.length))
})

t.test('a stream that is not sent is closed', async (t) => {
  const streams: Readable[] = []
  const app = await buildWith(t, async (app) => {
    app.get('/stream', (_request, reply) => {
      const stream = Readable.from([TEXT])
      streams.push(stream)
      return reply.headers({ etag: '"1"', 'accept-ranges': 'bytes' }).send(stream)
    })
  })
  for (const [fields, status] of [
    [{ 'if-none-match': '"1"' }, 304],
    [{ 'if-match': '"2"' }, 412],
    [{ range: 'bytes=0-4' }, 200],
  ] as const) {
    const reply = await app.inject({ url: '/stream', headers: fields })
    t.equal(reply.statusCode, status)
    if (status === 200) t.equal(reply.body, TEXT)
    t.ok(streams.pop()?.destroyed)
  }
})

t.test('preconditions also apply to a route with HEAD but without GET', async (t) => {
  const app = await buildWith(t, async (app) => {
    app.head('/own', (_request, reply) => reply.headers({ etag: '"1"', 'x-own': 'yes' }).send())
  })
  for (const [field, status] of [
    ['"1"', 304],
    ['"2"', 200],
  ] as const) {
    const request = { method: 'HEAD', url: '/own', headers: { 'if-none-match': field } } as const
    const { statusCode, headers } = await app.inject(request)
    t.equal(statusCode, status)
    t.match(headers, { etag: '"1"', 'x-own': 'yes' })
  }
})

t.test('the rules of writes do not apply to GET, if a route has several methods', async (t) => {
  const app = await buildWith(t, async (scope) => {
    scope.route({ method: ['GET', 'PUT'], url: '/both', handler: async () => 'text' })
  })
  const headers = { 'if-none-match': '*', authorization: AUTHORIZATION }
  t.equal((await app.inject({ url: '/both', headers })).statusCode, 304)
  t.equal((await app.inject({ method: 'PUT', url: '/both', headers })).statusCode, 412)
})

t.test('a note has Last-Modified', async (t) => {
  const app = await build(t)
  const read = (fields: object) => ({ url: '/notes/123', headers: { ...fields } })
  await expectReply(t, app, read({}), { headers: { 'last-modified': DATE } })
  const { statusCode } = await app.inject(read({ 'if-modified-since': DATE }))
  t.equal(statusCode, 304)
  await expectReply(t, app, read({ 'if-unmodified-since': BEFORE }), { status: 412 })
})

t.test(
  'If-Unmodified-Since can refuse a write, but does not replace a required If-Match',
  async (t) => {
    const app = await buildWith(t, async (app) => {
      const version = { version: '1' }
      app.delete('/undated', ({ headers }) =>
        writeExpected(
          headers,
          async () => version,
          async () => version,
        ),
      )
    })
    for (const [field, status] of [
      [BEFORE, 412],
      [DATE, 428],
      ['nonsense', 428],
    ] as const) {
      const headers = { authorization: AUTHORIZATION, 'if-unmodified-since': field }
      await expectReply(t, app, { method: 'DELETE', url: '/notes/123', headers }, { status })
      await expectReply(t, app, { method: 'DELETE', url: '/undated', headers }, { status: 428 })
    }
  },
)

t.test('a resource has no Last-Modified until the second of its last change is over', async (t) => {
  const modifiedAt = new Date(Date.parse(DATE) + 900).toISOString()
  const app = await buildWith(t, async (app) => {
    app.get('/new', (_request, reply) =>
      reply
        .version({ version: '1', modifiedAt })
        .headers({ 'accept-ranges': 'bytes', 'content-type': 'text/plain' })
        .send(Buffer.from(TEXT)),
    )
  })
  mock.timers.enable({ apis: ['Date'], now: Date.parse(modifiedAt) })
  t.teardown(() => mock.timers.reset())
  const resume = { url: '/new', headers: { range: 'bytes=5-', 'if-range': DATE } }
  await expectReply(t, app, resume, { body: TEXT, headers: { 'last-modified': undefined } })
  mock.timers.tick(100)
  const part = { status: 206, body: '56789', headers: { 'last-modified': DATE } }
  await expectReply(t, app, resume, part)
})

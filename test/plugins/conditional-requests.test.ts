import { Readable } from 'node:stream'
import { mock } from 'node:test'
import type { FastifyInstance, FastifyReply } from 'fastify'
import t from 'tap'
import { writeExpected } from '../../src/http/preconditions.ts'
import { AUTHORIZATION, build, buildWith, expectReply } from '../app.ts'
import '../fixtures/register.ts'

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

t.test('preconditions of methods other than GET and HEAD are left to the handler', async (t) => {
  const app = await buildWith(t, routes)
  for (const fields of [{ 'if-none-match': '*' }, { 'if-match': '"2"' }]) {
    const request = { method: 'POST', url: '/tagged', headers: fields } as const
    await expectReply(t, app, request, { body: TEXT })
  }
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

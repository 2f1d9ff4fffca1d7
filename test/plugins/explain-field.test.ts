import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { build, buildWith } from '../app.ts'
import { readDebugTrace } from '../debug-trace.ts'
import { createFileStore } from '../fixtures/resources/files/store.ts'
import { exchange } from '../socket.ts'
import '../fixtures/register.ts'

const DEBUG = { DEBUG: 'true' }

/** Sends a request head, to which it adds `Connection: close`. */
function send(app: FastifyInstance, head: string) {
  return exchange(app, `${head}\r\nConnection: close\r\n\r\n`)
}

/** Request heads that the framing check or the router refuses. */
const REFUSED = [
  {
    head: 'GET / HTTP/1.1\r\nHost: a b',
    trace: { target: '/', method: 'GET', error: 'BAD_REQUEST', status: 400 },
  },
  {
    head: 'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: x, chunked',
    trace: { target: '/', method: 'POST', error: 'NOT_IMPLEMENTED', status: 501 },
  },
  {
    head: 'GET /%ff HTTP/1.1\r\nHost: localhost',
    trace: { target: '/%ff', method: 'GET', error: 'FST_ERR_BAD_URL', status: 400 },
  },
]

for (const { head, trace } of REFUSED) {
  t.test(`Debug-Trace of ${JSON.stringify(head)} lists no passed checks`, async (t) => {
    const { headers } = await send(await build(t, DEBUG), head)
    t.same(readDebugTrace(headers['debug-trace']), trace)
  })
}

const CONDITIONS = [
  { field: 'if-none-match', tag: undefined, status: 304, modified: false },
  { field: 'if-match', tag: undefined, status: 200 },
  { field: 'if-match', tag: '"another"', status: 412 },
]

for (const { field, tag, ...trace } of CONDITIONS) {
  t.test(
    `Debug-Trace of a request with ${field}: ${tag ?? 'the current ETag'} has the status`,
    async (t) => {
      const app = await build(t, DEBUG)
      const { etag } = (await app.inject('/notes/123')).headers
      const headers = { [field]: tag ?? String(etag) }
      const reply = await app.inject({ url: '/notes/123', headers })
      t.equal(reply.statusCode, trace.status)
      t.match(readDebugTrace(reply.headers['debug-trace']), trace)
    },
  )
}

t.test('Debug-Trace of a range request has the range', async (t) => {
  const app = await build(t, DEBUG)
  const file = { headers: { 'content-type': 'text/plain' }, payload: 'hello' }
  await app.inject({ method: 'POST', url: '/files', ...file })
  const { headers } = await app.inject({ url: '/files/1', headers: { range: 'bytes=1-2' } })
  t.match(readDebugTrace(headers['debug-trace']), { range: 'bytes 1-2/5', status: 206 })
})

t.test('Debug-Trace has status 409 if the Idempotency-Key is in use', async (t) => {
  const started = Promise.withResolvers<void>()
  const opened = Promise.withResolvers<void>()
  const work = async () => {
    started.resolve()
    await opened.promise
    return {}
  }
  const app = await buildWith(
    t,
    async (app) => void app.post('/slow', (request) => request.idempotent(createFileStore, work)),
    DEBUG,
  )
  const request = { method: 'POST', url: '/slow', headers: { 'idempotency-key': 'a' } } as const
  const first = app.inject(request)
  await started.promise
  const second = await app.inject(request)
  opened.resolve()
  const trace = readDebugTrace(second.headers['debug-trace'])
  t.match(trace, { route: '/slow', error: 'CONFLICT', status: 409 })
  t.notOk('idempotency' in trace)
  t.match(readDebugTrace((await first).headers['debug-trace']), {
    idempotency: 'first',
    status: 200,
  })
})

t.test('a hostile target is escaped in Debug-Trace', async (t) => {
  const app = await build(t, DEBUG)
  const target = '/a",status=200,b="\\'
  const { headers } = await send(app, `GET ${target} HTTP/1.1\r\nHost: localhost`)
  t.same(readDebugTrace(headers['debug-trace']), {
    target,
    method: 'GET',
    framing: true,
    route: false,
    error: 'NOT_FOUND',
    status: 404,
  })
})

t.test('a hostile name and scope are escaped in Debug-Trace', async (t) => {
  const hostile = 'a", status=200\r\nSet-Cookie: a=b\r\n\r\n\u{1f600}\ud800'
  const authenticate = async () => ({ name: hostile, scopes: [hostile] })
  const app = await build(t, DEBUG, { authenticate })
  const { headers, text } = await send(
    app,
    'GET /vault HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer a',
  )
  t.notMatch(text, /^set-cookie/im)
  t.equal(
    readDebugTrace(headers['debug-trace']).authentication,
    'a", status=200%0D%0ASet-Cookie: a=b%0D%0A%0D%0A%F0%9F%98%80%EF%BF%BD',
  )
})

t.test('a hostile media type is escaped in Debug-Trace', async (t) => {
  const app = await build(t, DEBUG)
  const { headers, status } = await send(
    app,
    'POST /files HTTP/1.1\r\nHost: localhost\r\nContent-Type: a/"\xe9\\", status=200;\t\r\nContent-Length: 1',
  )
  t.equal(status, 415)
  t.match(readDebugTrace(headers['debug-trace']), { error: 'UNSUPPORTED_MEDIA_TYPE', status: 415 })
})

t.test('Debug-Trace has a limited length, even for a long target', async (t) => {
  const app = await build(t, DEBUG)
  const { headers } = await app.inject(`/${'"'.repeat(2_000)}`)
  t.match(readDebugTrace(headers['debug-trace']), { route: false, status: 404 })
  t.ok(String(headers['debug-trace']).length < 1_000)
})

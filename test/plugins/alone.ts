/** For each plugin, a minimal example that shows that the plugin works on a plain Fastify app. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance, FastifyServerOptions } from 'fastify'
import type { Test } from 'tap'
import { sendFrameworkError } from '../../plugins/errors/framework-errors.ts'
import { createLogger, createRequestLogger } from '../../plugins/logging/logger.ts'
import { shedLoad } from '../../plugins/overload/gate.ts'
import { deprecated } from '../../src/http/deprecation.ts'
import { createServer } from '../../src/http/node-http.ts'
import { createLog } from '../app.ts'
import { startCollector } from '../collector.ts'
import { connectTo, exchange, readAll } from '../socket.ts'

export interface Row {
  plugin: string
  effect: string
  /** Options of the plugin, if the defaults disable the plugin or make the test take seconds. */
  options?: object
  /** Options of the Fastify factory; the comment at the head of the plugin's file says which ones it needs. */
  factory?: FastifyServerOptions
  /** Registers routes. They must also work if the plugin is left out, so they cannot call its decorators. */
  setup?: (app: FastifyInstance) => void
  /** Uses the app, and returns what a client or a route observes. */
  observe: (app: FastifyInstance, t: Test) => Promise<unknown>
  /** Pattern (`t.match`) of the result of `observe`. Without the plugin, the result must not match. */
  expected: object
}

const HOST = 'Host: localhost\r\n'

/** Registers a route that returns text, for plugins that add header fields. */
const hello = (app: FastifyInstance) => void app.get('/', async () => 'hello')

/** Sends a request, and returns status, header fields and body of the response. */
const get =
  (headers: Record<string, string> = {}, url = '/') =>
  async (app: FastifyInstance) => {
    const { statusCode, headers: fields, body } = await app.inject({ url, headers })
    return { status: statusCode, fields, body }
  }

const JSON_RESPONSE = {
  response: { 200: { content: { 'application/json': { schema: { type: 'object' } } } } },
}

const log = createLog()

export const ROWS: Row[] = [
  {
    plugin: 'auth',
    effect: 'refuses requests without credentials, with challenges',
    setup: (app) => void app.get('/', { onRequest: app.requireAuth?.() ?? [] }, async () => 'ok'),
    observe: get(),
    expected: {
      status: 401,
      fields: {
        'www-authenticate': ['Basic realm="Example", charset="UTF-8"', 'Bearer realm="Example"'],
      },
    },
  },
  {
    plugin: 'auth',
    effect: 'passes the account to the handler',
    options: { authenticate: async () => ({ name: 'luis', scopes: [] }) },
    setup: (app) =>
      void app.get(
        '/',
        { onRequest: app.requireAuth?.() ?? [] },
        async ({ principal }) => principal ?? {},
      ),
    observe: get({ authorization: 'Bearer token' }),
    expected: { status: 200, body: '{"name":"luis","scopes":[]}' },
  },
  {
    plugin: 'caching',
    effect: 'adds the caching policy of the route',
    setup: (app) => void app.get('/', { config: { cache: { maxAge: 60 } } }, async () => 'hello'),
    observe: get(),
    expected: { status: 200, fields: { 'cache-control': 'max-age=60' } },
  },
  {
    plugin: 'conditional-requests',
    effect: 'returns 304 for a current ETag',
    setup: (app) => void app.get('/', (_request, reply) => reply.header('etag', '"1"').send('ok')),
    observe: get({ 'if-none-match': '"1"' }),
    expected: { status: 304, body: '' },
  },
  {
    plugin: 'connection',
    effect: 'refuses CONNECT with an error document',
    setup: hello,
    observe: (app) => exchange(app, `CONNECT localhost:80 HTTP/1.1\r\n${HOST}\r\n`),
    expected: { status: 501, body: /no resource/ },
  },
  {
    plugin: 'connection',
    effect: 'counts the requests in flight',
    setup: (app) => void app.get('/', async () => ({ inFlight: app.inFlight?.size })),
    observe: get(),
    expected: { body: '{"inFlight":1}' },
  },
  {
    plugin: 'content-coding',
    effect: 'compresses a response',
    setup: (app) =>
      void app.get('/', (_request, reply) => reply.type('text/plain').send('a'.repeat(10_000))),
    observe: get({ 'accept-encoding': 'gzip' }),
    expected: { status: 200, fields: { 'content-encoding': 'gzip' } },
  },
  {
    plugin: 'cors',
    effect: 'lets a page of an allowed origin read the response',
    options: { allowedOrigins: ['https://www.example'] },
    setup: hello,
    observe: get({ origin: 'https://www.example' }),
    expected: {
      status: 200,
      fields: { 'access-control-allow-origin': 'https://www.example', vary: 'Origin' },
    },
  },
  {
    plugin: 'deadlines',
    effect: 'returns 503 for a response that is not ready in time',
    options: { replyTimeoutMs: 30 },
    setup: (app) =>
      void app.get('/', async ({ deadline }) => {
        if (deadline) await once(deadline, 'abort')
        return 'late'
      }),
    observe: get(),
    expected: { status: 503, fields: { 'retry-after': '1' } },
  },
  {
    plugin: 'debug',
    effect: 'renders an error as a page',
    setup: (app) =>
      void app.get('/', (request) => app.renderDebugPage?.(new Error('oops'), request) ?? 'none'),
    observe: get(),
    expected: { status: 200, body: /<html[\s\S]*oops/ },
  },
  {
    plugin: 'errors',
    effect: 'hides the message of an unexpected error',
    setup: (app) =>
      void app.get('/', async () => {
        throw new Error('the password is secret')
      }),
    observe: get(),
    expected: { status: 500, body: '{"status":500,"message":"Internal Server Error"}' },
  },
  {
    plugin: 'errors',
    effect: 'returns problem details if the client accepts them',
    factory: { frameworkErrors: sendFrameworkError },
    setup: (app) => void app.get('/', (_request, reply) => reply.send(Error('no'))),
    observe: get({ accept: 'application/problem+json' }),
    expected: { status: 500, fields: { 'content-type': 'application/problem+json' } },
  },
  {
    plugin: 'errors',
    effect: 'returns JSON to a browser if there are no pages',
    factory: { frameworkErrors: sendFrameworkError },
    setup: (app) => void app.get('/', (_request, reply) => reply.send(Error('no'))),
    observe: get({ accept: 'text/html' }),
    expected: {
      fields: { 'content-type': 'application/json; charset=utf-8' },
      body: '{"status":500,"message":"Internal Server Error"}',
    },
  },
  {
    plugin: 'expectations',
    effect: 'returns 413 instead of 100 for a body over the limit',
    setup: (app) => void app.post('/', async () => 'ok'),
    observe: (app) =>
      exchange(
        app,
        `POST / HTTP/1.1\r\n${HOST}Content-Type: text/plain\r\nContent-Length: 99999999\r\nExpect: 100-continue\r\n\r\n`,
      ),
    expected: { status: 413 },
  },
  {
    plugin: 'explain',
    effect: 'adds Debug-Trace',
    setup: hello,
    observe: get(),
    expected: { status: 200, fields: { 'debug-trace': /status=200/ } },
  },
  {
    plugin: 'framing',
    effect: 'refuses an invalid Host',
    setup: hello,
    observe: get({ host: 'a/b' }),
    expected: { status: 400, body: /Host is not a valid host/ },
  },
  {
    plugin: 'health',
    effect: 'reports a health check that fails',
    setup: (app) => {
      app.addHealthCheck?.('disk', async () => false)
      app.get('/', async () => app.checkHealth?.() ?? {})
    },
    observe: get(),
    expected: { status: 200, body: /"disk":"fail"/ },
  },
  {
    plugin: 'hosts',
    effect: 'refuses other hosts',
    options: { allowedHosts: ['api.example'] },
    setup: hello,
    observe: get({ host: 'evil.example' }),
    expected: { status: 421 },
  },
  {
    plugin: 'html-pages',
    effect: 'renders a page',
    setup: (app) =>
      void app.get('/', (_request, reply) =>
        reply
          .type('text/html; charset=utf-8')
          .send(app.renderPage?.(reply, { title: 'Hello', document: { text: 'hello' } })),
      ),
    observe: get(),
    expected: { status: 200, body: /<title>.* · \/</s },
  },
  {
    plugin: 'idempotency',
    effect: 'runs a repeated POST once, and refuses another body with the same key',
    setup: (app) => {
      let runs = 0
      app.post('/', async (request) => {
        const write = async () => ({ runs: ++runs })
        return request.idempotent?.((session) => session, write) ?? write()
      })
    },
    observe: async (app) => {
      const headers = { 'idempotency-key': 'key-1' }
      const post = (payload: object) => app.inject({ method: 'POST', url: '/', headers, payload })
      const responses = [await post({ a: 1 }), await post({ a: 1 }), await post({ a: 2 })]
      return responses.map(({ statusCode, body }) => ({ status: statusCode, body }))
    },
    expected: [{ status: 200 }, { status: 200, body: '{"runs":1}' }, { status: 422 }],
  },
  {
    plugin: 'logging',
    effect: 'returns the request id and logs the request once',
    factory: {
      loggerInstance: createLogger({}, log),
      childLoggerFactory: createRequestLogger,
    },
    setup: hello,
    observe: async (app) => {
      log.lines.length = 0
      const { fields } = await get({ 'x-request-id': 'ignored' })(app)
      return { fields, lines: log.lines.filter(({ route }) => route) }
    },
    expected: {
      fields: { 'x-request-id': /./ },
      lines: [{ msg: 'request completed', method: 'GET', route: '/', status: 200 }],
    },
  },
  {
    plugin: 'metrics',
    effect: 'measures the duration of requests',
    setup: (app) => {
      hello(app)
      app.get('/metrics', async () => app.metrics?.read() ?? [])
    },
    observe: async (app) => {
      await app.inject('/')
      return get({}, '/metrics')(app)
    },
    expected: { status: 200, body: /http_request_duration_seconds/ },
  },
  {
    plugin: 'negotiation',
    effect: 'returns 406 if no media type is acceptable',
    setup: (app) => void app.get('/', { schema: JSON_RESPONSE }, async () => ({})),
    observe: get({ accept: 'image/png' }),
    expected: { status: 406 },
  },
  {
    plugin: 'deprecation',
    effect: 'announces that an operation is deprecated',
    setup: (app) => {
      const schema = deprecated({ since: '2026-12-01', link: 'https://a.example/' })
      app.get('/', { schema }, async () => 'hello')
    },
    observe: get(),
    expected: {
      fields: { deprecation: '@1796083200', link: '<https://a.example/>; rel="deprecation"' },
    },
  },
  {
    plugin: 'discovery',
    effect: 'links from the index to the documents of the API',
    setup: (app) => {
      hello(app)
      app.get('/openapi.json', async () => ({}))
    },
    observe: get(),
    expected: {
      fields: { link: '</openapi.json>; rel="service-desc"; type="application/json"' },
    },
  },
  {
    plugin: 'path-prefix',
    effect: 'adds the path of a trusted proxy to Location',
    options: { trustedProxies: ['127.0.0.1'] },
    setup: (app) =>
      void app.get('/', (_request, reply) => reply.code(303).header('location', '/a').send()),
    observe: get({ 'x-forwarded-prefix': '/api' }),
    expected: { status: 303, fields: { location: '/api/a' } },
  },
  {
    plugin: 'openapi',
    effect: 'describes the routes',
    setup: (app) => {
      app.get('/things', { schema: JSON_RESPONSE }, async () => ({}))
      app.get('/', async () => app.openApiDocument())
    },
    observe: get(),
    expected: { status: 200, body: /"openapi":"3\.1\.1".*"\/things":/s },
  },
  {
    plugin: 'overload',
    effect: 'returns 503 while memory exceeds its limit',
    options: { maxMemoryBytes: 1 },
    factory: {
      serverFactory: (handler) => {
        const server = createServer({})
        return server.on('request', shedLoad(server, handler))
      },
    },
    setup: hello,
    observe: async (app) => {
      await app.listen({ host: '127.0.0.1', port: 0 })
      const { port } = app.server.address() as AddressInfo // the address of a TCP server is an object
      await new Promise((resolve) => setTimeout(resolve, 500)) // the plugin measures memory every 100 ms
      const { status } = await fetch(`http://127.0.0.1:${port}/`)
      return { status }
    },
    expected: { status: 503 },
  },
  {
    plugin: 'preferences',
    effect: 'returns 204 for a write if the client prefers no content',
    setup: (app) => void app.put('/', async () => 'changed'),
    observe: async (app) => {
      const headers = { prefer: 'return=minimal' }
      const {
        statusCode,
        headers: fields,
        body,
      } = await app.inject({ method: 'PUT', url: '/', headers })
      return { status: statusCode, fields, body }
    },
    expected: { status: 204, fields: { 'preference-applied': 'return=minimal' }, body: '' },
  },
  {
    plugin: 'rate-limit',
    effect: 'counts requests',
    setup: hello,
    observe: get(),
    expected: { status: 200, fields: { ratelimit: /^"requests";r=599;/ } },
  },
  {
    plugin: 'routing',
    effect: 'returns 405 for a method that the resource does not have',
    setup: (app) => {
      hello(app)
      app.put('/other', async () => 'ok') // without this route, PUT would return 501
    },
    observe: async (app) => {
      const { statusCode, headers } = await app.inject({ method: 'PUT', url: '/' })
      return { status: statusCode, fields: headers }
    },
    expected: { status: 405, fields: { allow: 'GET, HEAD, OPTIONS' } },
  },
  {
    plugin: 'security',
    effect: 'adds the security header fields',
    setup: hello,
    observe: get(),
    expected: { status: 200, fields: { 'x-content-type-options': 'nosniff' } },
  },
  {
    plugin: 'sensible',
    effect: 'offers HTTP errors by name',
    setup: (app) =>
      void app.get('/', async () => {
        if (app.httpErrors) throw app.httpErrors.imateapot()
        return 'ok'
      }),
    observe: get(),
    expected: { status: 418 },
  },
  {
    plugin: 'shutdown',
    effect: 'closes the connection of a request in flight after its response',
    setup: (app) =>
      void app.get('/', async () => {
        const drained = app.drain?.()
        while (app.isClosing === false) await new Promise((resolve) => setImmediate(resolve))
        void drained
        return 'ok'
      }),
    observe: async (app) => {
      const socket = await connectTo(app)
      const text = readAll(socket)
      socket.write(`GET / HTTP/1.1\r\n${HOST}\r\n`)
      setTimeout(() => socket.end(), 500) // without the plugin, the connection stays open
      return { text: await text }
    },
    expected: { text: /^HTTP\/1\.1 200 [\s\S]*\r\nconnection: close\r\n/i },
  },
  {
    plugin: 'storage',
    effect: 'opens a database in memory, with its schema',
    setup: (app) =>
      void app.get('/', async () => {
        const session = app.store?.(({ reader }) => reader)
        return (await session?.selectFrom('schema_migrations').selectAll().execute()) ?? []
      }),
    observe: get(),
    expected: { status: 200, body: /^\[\{"name":"\d{8}T/ },
  },
]

/** Starts a collector, and returns the row of `tracing`, which sends spans to this collector. */
export async function tracingRow(t: Test): Promise<Row> {
  const { environment, spans } = await startCollector(t)
  return {
    plugin: 'tracing',
    effect: 'exports a span per request',
    options: { endpoint: environment.OTEL_EXPORTER_OTLP_ENDPOINT },
    setup: hello,
    observe: async (app) => {
      const before = spans().length
      await app.inject('/')
      await app.close() // exports the remaining spans
      return { spans: spans().slice(before) }
    },
    expected: { spans: [{ name: 'GET /' }] },
  }
}

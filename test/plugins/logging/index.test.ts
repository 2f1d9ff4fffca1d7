import { EventEmitter, once } from 'node:events'
import fastify, { type FastifyBaseLogger } from 'fastify'
import t from 'tap'
import logging from '../../../plugins/logging/index.ts'
import { createLogger } from '../../../plugins/logging/logger.ts'
import { build, buildWith, createLog, expectReply } from '../../app.ts'
import { connectTo } from '../../socket.ts'
import '../../fixtures/register.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

const REQUESTS = [
  { method: 'GET', url: '/greeting?name=hunter2', route: '/greeting', status: 200 },
  { method: 'HEAD', url: '/greeting', route: '/greeting', status: 200 },
  { method: 'GET', url: '/notes/123', route: '/notes/:noteId', status: 200 },
  { method: 'GET', url: '/notes/hunter2', route: '/notes/:noteId', status: 400 },
  { method: 'GET', url: '/vault', route: '/vault', status: 401 },
  { method: 'GET', url: '/nope/hunter2', route: null, status: 404 },
  { method: 'DELETE', url: '/greeting', route: null, status: 405 },
  { method: 'OPTIONS', url: '/greeting', route: null, status: 204 },
  { method: 'POST', url: '/files', route: '/files', status: 400 },
] as const

for (const { method, url, route, status } of REQUESTS) {
  t.test(`${method} ${url} is logged once, without its URL and credentials`, async (t) => {
    const log = createLog()
    const app = await build(t, {}, { logDestination: log })
    const headers = { 'x-request-id': 'an-id', authorization: 'Basic hunter2', cookie: 'hunter2' }
    await expectReply(t, app, { method, url, headers }, { status })
    const [line, ...others] = log.lines.filter(({ msg }) => msg !== 'credentials refused')
    t.match(line, { level: 'info', msg: 'request completed', reqId: UUID })
    t.match(line, { clientRequestId: 'an-id', client: '127.0.0.1' })
    t.match(line, { method, route, status, durationMs: Number })
    t.match(line?.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    t.same(others, [], 'there is no other line')
    t.notMatch(JSON.stringify(log.lines), 'hunter2')
  })
}

const VALID_IDS = ['a', 'A-1_2.3~4+5/6=7:8', '4bf92f35-77b3-4da6', 'x'.repeat(128)]
const INVALID_IDS = ['', ' ', 'a b', 'a\tb', 'a\r\nX-Evil: 1', 'a"b', '<b>', 'é', 'a\0', 'a,b']

t.test(
  'the service chooses the request id, and logs the id of the client as its claim',
  async (t) => {
    const log = createLog()
    const app = await build(t, {}, { logDestination: log })
    const seen = new Set<string>()
    for (const id of VALID_IDS) {
      for (const [url, status] of [
        ['/greeting', 200],
        ['/nope', 404],
      ] as const) {
        const reply = await expectReply(
          t,
          app,
          { url, headers: { 'x-request-id': id } },
          { status },
        )
        const reqId = String(reply.headers['x-request-id'])
        t.match(reqId, UUID)
        seen.add(reqId)
        t.match(log.lines.at(-1), { reqId, clientRequestId: id, status })
      }
    }
    t.equal(seen.size, 2 * VALID_IDS.length, 'every id is unique')
  },
)

t.test(
  'the request id of a trusted proxy is kept, and the claim of the client is logged',
  async (t) => {
    const log = createLog()
    const app = await build(t, { TRUST_PROXY: '127.0.0.1' }, { logDestination: log })
    for (const id of VALID_IDS) {
      const headers = { 'x-request-id': id, 'x-client-request-id': 'claimed' }
      const expected = { headers: { 'x-request-id': id } }
      await expectReply(t, app, { url: '/greeting', headers }, expected)
      t.match(log.lines.at(-1), { reqId: id, clientRequestId: 'claimed' })
    }
  },
)

for (const TRUST_PROXY of ['', '127.0.0.1']) {
  t.test(`an invalid X-Request-Id is not logged, with TRUST_PROXY="${TRUST_PROXY}"`, async (t) => {
    const log = createLog()
    const app = await build(t, { TRUST_PROXY }, { logDestination: log })
    for (const id of [...INVALID_IDS, 'x'.repeat(129), ['a', 'b'], undefined]) {
      const headers = id === undefined ? {} : { 'x-request-id': id }
      const reply = await expectReply(t, app, { url: '/greeting', headers }, {})
      t.match(reply.headers['x-request-id'], UUID, `${JSON.stringify(id)} is replaced by a UUID`)
      t.notOk('clientRequestId' in Object(log.lines.at(-1)))
    }
  })
}

t.test('every line of a request has the address of the client', async (t) => {
  const log = createLog()
  const app = await build(t, { TRUST_PROXY: '127.0.0.1' }, { logDestination: log })
  for (const url of ['/journal', '/nope']) {
    await app.inject({ url, headers: { 'x-forwarded-for': '192.0.2.17' } })
    t.match(log.lines, Array(log.lines.length).fill({ client: '192.0.2.17' }), url)
  }
})

t.test('a request that the router refuses has the address of the connection', async (t) => {
  const log = createLog()
  const app = await build(t, {}, { logDestination: log })
  await app.inject('/%zz')
  t.match(log.lines, [{ client: '127.0.0.1', status: 400 }])
})

t.test('LOG_CLIENT_ADDRESS=network shortens the addresses in the log', async (t) => {
  const log = createLog()
  const environment = { TRUST_PROXY: '127.0.0.1', LOG_CLIENT_ADDRESS: 'network' }
  const app = await build(t, environment, { logDestination: log })
  for (const address of ['192.0.2.17', '2001:db8:1:2::3']) {
    await app.inject({ url: '/greeting', headers: { 'x-forwarded-for': address } })
  }
  t.match(log.lines, [{ client: '192.0.2.0/24' }, { client: '2001:db8:1::/48' }])
  t.notMatch(JSON.stringify(log.lines), /192\.0\.2\.17|2001:db8:1:2/)
})

const LEVELS = [
  { level: 'trace', lines: ['a note', 'a warning', 'a failure'] },
  { level: 'info', lines: ['a note', 'a warning', 'a failure'] },
  { level: 'warn', lines: ['a warning', 'a failure'] },
  { level: 'error', lines: ['a failure'] },
  { level: 'fatal', lines: [] },
  { level: 'silent', lines: [] },
]

for (const { level, lines } of LEVELS) {
  t.test(`LOG_LEVEL=${level} writes ${lines.length} of the handler's lines`, async (t) => {
    const log = createLog()
    const app = await build(t, { LOG_LEVEL: level }, { logDestination: log })
    await expectReply(t, app, { url: '/journal' }, { body: 'Logged' })
    const written = log.lines
      .map(({ msg }) => msg)
      .filter((msg) => /^a (?:note|warning|failure)$/.test(String(msg)))
    t.same(written, lines)
    t.equal(
      log.lines.length > lines.length,
      ['trace', 'info'].includes(level),
      'the line of the request is written at levels trace and info',
    )
  })
}

t.test('credentials in logged objects are redacted', async (t) => {
  const log = createLog()
  const logger = createLogger({}, log)
  const CREDENTIALS = [
    'authorization',
    'cookie',
    'password',
    'proxy-authorization',
    'set-cookie',
    'token',
  ]
  for (const name of CREDENTIALS) {
    const credentials = { [name]: 'hunter2', other: 'shown' }
    logger.info(credentials)
    logger.info({ user: credentials })
    logger.info({ headers: credentials })
    logger.info({ req: { headers: credentials } })
    logger.error(Object.assign(new Error('refused'), credentials))
  }
  t.equal(log.lines.length, CREDENTIALS.length * 5)
  t.notMatch(JSON.stringify(log.lines), 'hunter2')
  const shown = log.lines.filter((line) => JSON.stringify(line).includes('shown'))
  t.equal(
    shown.length,
    CREDENTIALS.length * 4,
    'other members are logged, except members of errors',
  )
})

t.test('a request whose client disconnects is logged once, with status 499', async (t) => {
  const written = new EventEmitter()
  const log = createLog()
  const logDestination = {
    write(line: string) {
      log.write(line)
      written.emit(String(log.lines.at(-1)?.msg))
    },
  }
  const app = await buildWith(
    t,
    async (app) =>
      void app.get('/waits/:id', async (_request, reply) => {
        written.emit('waiting')
        await once(reply.raw, 'close')
        return 'too late'
      }),
    {},
    { logDestination },
  )
  const waiting = once(written, 'waiting')
  const aborted = once(written, 'request aborted')
  const socket = await connectTo(app)
  socket.write('GET /waits/1 HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: left\r\n\r\n')
  await waiting
  socket.destroy()
  await aborted
  await app.close()
  const lines = log.lines.filter(({ clientRequestId }) => clientRequestId === 'left')
  t.match(lines, [{ msg: 'request aborted', method: 'GET', route: '/waits/:id', status: 499 }])
  t.ok(Number(lines[0]?.durationMs) > 0)
  t.equal(lines.length, 1)
})

t.test(
  'log lines of a handler have the request id, and a route may have its own log level',
  async (t) => {
    const log = createLog()
    const app = await buildWith(
      t,
      async (app) => {
        app.get('/warns', async ({ log }) => {
          log.warn({ reason: 'full' }, 'a warning')
          return 'done'
        })
        app.get('/loud', { logLevel: 'error' }, async ({ log }) => {
          log.warn('below the level')
          log.error('at the level')
          return 'done'
        })
      },
      {},
      { logDestination: log },
    )
    const headers = { 'x-request-id': 'an-id' }
    await expectReply(t, app, { url: '/warns', headers }, {})
    await expectReply(t, app, { url: '/loud', headers }, {})
    t.match(log.lines, [
      {
        level: 'warn',
        clientRequestId: 'an-id',
        reason: 'full',
        msg: 'a warning',
        pid: process.pid,
      },
      { level: 'info', clientRequestId: 'an-id', msg: 'request completed', pid: process.pid },
      { level: 'error', clientRequestId: 'an-id', msg: 'at the level' },
    ])
    t.equal(log.lines.length, 3)
  },
)

t.test('requests are also logged by a logger that is not pino and has no flush()', async (t) => {
  const lines: unknown[] = []
  const silent = () => {}
  const loggerInstance: FastifyBaseLogger = {
    level: 'info',
    info: (...line: unknown[]) => void lines.push(line),
    ...{ fatal: silent, error: silent, warn: silent, debug: silent, trace: silent },
    silent,
    child: () => loggerInstance,
  }
  const app = fastify({ loggerInstance, disableRequestLogging: true })
  await app.register(logging)
  app.get('/here', async () => 'ok')
  await app.inject('/here')
  await app.inject('/nowhere')
  await app.close()
  t.match(lines, [
    [{ method: 'GET', route: '/here', status: 200, durationMs: Number }, 'request completed'],
    [{ method: 'GET', route: null, status: 404 }, 'request completed'],
  ])
})

import type { Socket } from 'node:net'
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { SECURITY_FIELDS } from '../../../src/http/security-fields.ts'
import { buildWith, createLog, type Log } from '../../app.ts'
import { connectTo, parseReply, readAll } from '../../socket.ts'
import '../../fixtures/register.ts'

/** Budget of an event loop iteration, and the time for which a request to /blocks blocks the event loop. */
const EVENT_LOOP_BUDGET_MS = 100
const BLOCKED_MS = 200

/** TOO_MANY blocking requests overload the service. After TOO_LONG of them, the queue is full. */
const TOO_MANY = 4
const TOO_LONG = 2

/** Builds an app with a route that blocks the event loop. */
function buildBlocking(t: Test, environment = {}, log: Log = createLog()) {
  return buildWith(
    t,
    async (app) => {
      app.get('/blocks', async () => {
        const end = performance.now() + BLOCKED_MS
        while (performance.now() < end);
        return 'done'
      })
    },
    { EVENT_LOOP_BUDGET_MS: String(EVENT_LOOP_BUDGET_MS), ...environment },
    { logDestination: log },
  )
}

function get(target: string, fields = '', method = 'GET') {
  return `${method} ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${fields}\r\n`
}

/** Opens connections without sending requests, and waits until the server has accepted all of them. */
async function connectAll(app: FastifyInstance, count: number) {
  const sockets: Socket[] = []
  while (sockets.length < count) sockets.push(await connectTo(app))
  const countConnections = promisify(app.server.getConnections.bind(app.server))
  while ((await countConnections()) < count) await turn()
  return { sockets, replies: Promise.all(sockets.map(readAll)) }
}

/**
 * Overloads the app with blocking requests, then sends the given requests, each on its own connection. The server
 * reads all given requests in one iteration of the event loop.
 */
async function sendBehind(app: FastifyInstance, ...requests: string[]) {
  const { sockets, replies } = await connectAll(app, TOO_MANY + requests.length)
  for (const socket of sockets.slice(0, TOO_MANY)) socket.write(get('/blocks'))
  sockets[TOO_LONG - 1]?.once('data', () => {
    for (const [index, each] of requests.entries()) sockets[TOO_MANY + index]?.write(each)
  })
  const all = (await replies).map(parseReply)
  return { blocking: all.slice(0, TOO_MANY), replies: all.slice(TOO_MANY) }
}

/** Sends requests at once, each on its own connection. Returns the responses, and the order of their arrival. */
async function sendAtOnce(app: FastifyInstance, targets: string[]) {
  const { sockets, replies } = await connectAll(app, targets.length)
  const order: number[] = []
  for (const [index, target] of targets.entries()) {
    sockets[index]?.once('data', () => order.push(index)).write(get(target))
  }
  return { replies: (await replies).map(parseReply), order }
}

t.test('a burst of requests is handled in order', async (t) => {
  const app = await buildBlocking(t)
  const { replies, order } = await sendAtOnce(app, ['/blocks', '/blocks', '/greeting', '/greeting'])
  for (const reply of replies) t.match(reply, { status: 200 })
  t.same(order, [0, 1, 2, 3])
})

t.test('health probes overtake queued requests', async (t) => {
  const app = await buildBlocking(t)
  const { order } = await sendAtOnce(app, [...Array(4).fill('/blocks'), '/health/live'])
  t.ok(order.indexOf(4) < order.indexOf(3), String(order))
})

t.test('a queued request is not handled if its client has disconnected', async (t) => {
  const app = await buildBlocking(t)
  let calls = 0
  const { sockets, replies } = await connectAll(app, 3)
  app.server.on('request', () => calls++)
  for (const socket of sockets) socket.write(get('/blocks'))
  while (calls === 0) await turn()
  sockets[2]?.resetAndDestroy()
  await replies
  const counts = Object.entries(await readMetrics(app)).filter(([name]) =>
    /^http_request_duration_seconds_count{.*blocks/.test(name),
  )
  t.same(
    counts.map(([, count]) => count),
    [2],
  )
})

t.test('requests over the budget get a 503 in the media type that Accept requests', async (t) => {
  const app = await buildBlocking(t)
  const types = [
    ['*/*', 'application/json; charset=utf-8', /^{"status":503,"message":"Service Unavailable: /],
    ['application/problem+json', 'application/problem+json', /^{"type":"about:blank",/],
    ['application/problem+xml', 'application/problem+xml', /^<\?xml .*<problem /s],
    ['application/xml', 'application/xml; charset=utf-8', /^<\?xml .*<error>/s],
    ['text/plain', 'text/plain; charset=utf-8', /^503 Service Unavailable: /],
    ['text/html', 'text/html; charset=utf-8', /<h1>503 Service Unavailable/],
    ['image/png', 'application/json; charset=utf-8', /^{"status":503,/],
  ] as const
  const { blocking, replies } = await sendBehind(
    app,
    ...types.map(([accept]) => get('/greeting', `Accept: ${accept}\r\n`)),
  )
  for (const each of blocking) t.match(each, { status: 200, body: 'done' })
  for (const [index, [accept, type, body]] of types.entries()) {
    const reply = replies[index]
    t.match(reply, { status: 503, body }, accept)
    t.match(reply?.headers, {
      'content-type': type,
      'content-length': String(Buffer.byteLength(String(reply?.body))),
      'retry-after': '1',
      vary: 'Accept, Accept-Encoding',
      'x-request-id': /^[0-9a-f-]{36}$/,
      connection: 'close',
      date: /GMT$/,
      ...SECURITY_FIELDS,
    })
  }
})

t.test('the 503 of a refused request has the header fields that all responses have', async (t) => {
  const app = await buildBlocking(t, { CORS_ORIGIN: 'https://a.example' })
  const { replies } = await sendBehind(
    app,
    get('/greeting', 'X-Request-Id: mine\r\nOrigin: https://a.example\r\n'),
    get('/greeting', 'Origin: https://b.example\r\n'),
    get('/greeting', '', 'HEAD'),
  )
  t.same(
    replies.map(({ status }) => status),
    [503, 503, 503],
  )
  const [own, other, head] = replies
  t.match(own?.headers, {
    'x-request-id': /^[0-9a-f-]{36}$/,
    vary: 'Accept, Accept-Encoding, Origin',
    'access-control-allow-origin': 'https://a.example',
    'access-control-expose-headers': '*',
  })
  t.equal(other?.headers['access-control-allow-origin'], undefined)
  t.equal(head?.body, '', 'the response to HEAD has no body')
  t.equal(head?.headers['content-length'], other?.headers['content-length'])
})

t.test(
  'requests for health and metrics are never refused, even with a query or an absolute target',
  async (t) => {
    const app = await buildBlocking(t)
    const { replies } = await sendBehind(
      app,
      ...['/health/live', '/health/ready?a=b', 'http://localhost/metrics', '/greeting'].map(
        (target) => get(target),
      ),
    )
    t.same(
      replies.map(({ status }) => status),
      [200, 200, 200, 503],
    )
  },
)

t.test('requests within the budget are handled', async (t) => {
  const app = await buildBlocking(t, { EVENT_LOOP_BUDGET_MS: '60000' })
  const { replies } = await sendBehind(app, get('/greeting'), get('/notes/4'))
  t.same(
    replies.map(({ status }) => status),
    [200, 404],
  )
})

t.test('EVENT_LOOP_BUDGET_MS=0 disables load shedding by delay', async (t) => {
  const app = await buildBlocking(t, { EVENT_LOOP_BUDGET_MS: '0' })
  const { replies } = await sendBehind(app, get('/greeting'))
  t.match(replies, [{ status: 200 }])
})

t.test(
  'the body of a refused request is read if it is sent with the head, otherwise the connection is closed',
  async (t) => {
    const app = await buildBlocking(t)
    const post = 'POST /files HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n'
    const { replies } = await sendBehind(
      app,
      `${post}Content-Length: 5\r\n\r\nhello${get('/health/live')}`,
      `${post}Content-Length: 11\r\n\r\n`,
      `${post}Transfer-Encoding: chunked\r\n\r\n`,
      `${post}Expect: 100-continue\r\nContent-Length: 5\r\n\r\n`,
    )
    t.same(
      replies.map(({ status }) => status),
      [503, 503, 503, 503],
    )
    const [read, ...others] = replies
    t.match(read?.headers, { connection: 'keep-alive' })
    t.match(read?.body, /HTTP\/1\.1 200 OK[\s\S]*alive/, 'the next request gets a response')
    for (const { headers } of others) t.match(headers, { connection: 'close' })
    t.equal((await app.inject('/files/1')).statusCode, 404, 'nothing is stored')
  },
)

t.test('responses on one connection keep their order', async (t) => {
  const app = await buildBlocking(t)
  const pipelined = get('/greeting').replace('Connection: close\r\n', '')
  const { replies } = await sendBehind(app, `${pipelined}${get('/health/live')}`)
  t.match(replies, [{ status: 503, body: /HTTP\/1\.1 200 OK/ }])
})

/** Returns the values of the metrics by name and labels. */
async function readMetrics(app: FastifyInstance) {
  const { body } = await app.inject('/metrics')
  return Object.fromEntries(
    body.split('\n').map((line) => {
      const [name = '', value] = line.split(/ (?=\S+$)/)
      return [name, Number(value)]
    }),
  )
}

t.test(
  'load shedding is logged when it begins and ends, and each refusal is counted',
  async (t) => {
    const log = createLog()
    const app = await buildBlocking(t, {}, log)
    const first = await sendBehind(app, get('/greeting'), get('/greeting'))
    await pause(600) // waits longer than a queued request may wait
    const second = await sendBehind(app, get('/greeting'))
    const refused = [first, second]
      .flatMap(({ blocking, replies }) => [...blocking, ...replies])
      .filter(({ status }) => status === 503).length
    t.ok(refused >= 3, `${refused} refused requests`)
    const metrics = await readMetrics(app)
    t.equal(metrics['http_requests_shed_total{reason="delay"}'], refused)
    const lines = () => log.lines.filter(({ msg }) => /shedding/.test(String(msg)))
    t.match(lines(), [{ level: 'warn', reason: 'delay', msg: 'shedding load' }])
    while (lines().length < 2) await pause(100)
    t.match(lines(), [{}, { level: 'info', requests: refused, msg: 'no longer shedding load' }])
    t.equal(
      log.lines.filter(({ status }) => status === 503).length,
      0,
      'single refusals are not logged',
    )
  },
)

t.test('during shutdown, the service closes the connection of a refused request', async (t) => {
  const app = await buildBlocking(t)
  const { sockets, replies } = await connectAll(app, TOO_MANY + 1)
  void app.drain()
  while (!app.isClosing) await turn()
  const lasting = get('/greeting').replace('Connection: close\r\n', '')
  for (const socket of sockets.slice(0, TOO_MANY)) socket.write(get('/blocks'))
  // Sends one byte, because the service closes connections that are idle, and a begun request makes this one busy.
  sockets[TOO_MANY]?.write(lasting.slice(0, 1))
  sockets[TOO_LONG - 1]?.once('data', () => sockets[TOO_MANY]?.write(lasting.slice(1)))
  const last = (await replies).at(-1)
  t.match(parseReply(String(last)), { status: 503, headers: { connection: 'close' } })
})

t.test(
  'above MAX_MEMORY the service is not ready and refuses all requests except probes',
  async (t) => {
    const log = createLog()
    const app = await buildBlocking(t, { MAX_MEMORY: '1000', EVENT_LOOP_BUDGET_MS: '0' }, log)
    const ask = async (target: string) => {
      const socket = await connectTo(app)
      const text = readAll(socket)
      socket.write(get(target))
      return parseReply(await text)
    }
    await app.ready()
    while ((await app.checkHealth()).memory !== 'fail') await pause(10)
    t.match(await ask('/greeting'), { status: 503, headers: { 'retry-after': '1' } })
    t.match(await ask('/health/live'), { status: 200 })
    t.match(await ask('/health/ready'), { status: 503, body: /not ready: memory/ })
    t.equal((await readMetrics(app))['http_requests_shed_total{reason="memory"}'], 1)
    t.match(
      log.lines.filter(({ msg }) => msg === 'shedding load'),
      [{ reason: 'memory' }],
    )
  },
)

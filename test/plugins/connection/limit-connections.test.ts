import { once } from 'node:events'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { CONNECTION_LIMITED } from '../../../src/http/connection.ts'
import { ACCOUNT, buildWith } from '../../app.ts'
import { connectTo, readAll } from '../../socket.ts'
import '../../fixtures/register.ts'

const GET = 'GET /greeting HTTP/1.1\r\nHost: localhost\r\n\r\n'
const CLOSE = 'GET /greeting HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'
const SLOW = 'GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n'

/** Builds an app with a route `/slow`, which responds when `respond` is called, and records the limits reached. */
async function buildLimited(t: Test, environment: Record<string, string>) {
  const { promise, resolve: respond } = Promise.withResolvers<string>()
  const app = await buildWith(
    t,
    async (app) => {
      app.get('/slow', () => promise)
    },
    environment,
  )
  const reasons: string[] = []
  app.server.on(CONNECTION_LIMITED, (reason: string) => reasons.push(reason))
  return { app, reasons, respond: () => respond('late') }
}

/** Sends a request, and waits for the first bytes of the response. */
async function request(socket: Socket, bytes = GET): Promise<string> {
  socket.write(bytes)
  const [chunk] = await once(socket, 'data')
  return String(chunk)
}

/** Returns the status of a request on a new connection; `closed` if the connection was closed without a response. */
async function statusFrom(app: FastifyInstance, localAddress: string): Promise<string> {
  const socket = await connectTo(app, localAddress)
  const text = readAll(socket)
  socket.write(CLOSE)
  return (await text).split(' ')[1] ?? 'closed'
}

/** Sends `/slow`, and waits until the service handles the request. */
async function requestSlow(app: FastifyInstance, socket: Socket) {
  const before = app.inFlight.size
  socket.write(SLOW)
  while (app.inFlight.size === before) await new Promise((resolve) => setImmediate(resolve))
}

t.test('connections of a network beyond its limit are closed at once', async (t) => {
  const { app, reasons } = await buildLimited(t, { MAX_CONNECTIONS_PER_NETWORK: '2' })
  const sockets = [await connectTo(app), await connectTo(app)]
  t.equal(await statusFrom(app, '127.0.0.1'), 'closed')
  t.equal(await statusFrom(app, '127.0.0.2'), '200', 'another network has a limit of its own')
  t.same(reasons, ['network'])
  for (const socket of sockets) t.match(await request(socket), /^HTTP\/1.1 200/)
  const [first] = sockets
  first?.destroy()
  for (;;) if ((await statusFrom(app, '127.0.0.1')) === '200') break
  sockets[1]?.destroy()
})

/** Lets connections from 127.0.A.B, with A and B below ten, look like those of the IPv6 network 2001:db8:0:A0B::/64. */
function pretendIpv6(app: FastifyInstance) {
  app.server.prependListener('connection', (socket: Socket) => {
    const [, , a = '', b = ''] = String(socket.remoteAddress).split('.')
    Object.defineProperty(socket, 'remoteAddress', { value: `2001:db8:0:${a}0${b}::1` })
  })
}

t.test('the IPv6 /64 networks of a /56 share four times the limit of a /64', async (t) => {
  const { app, reasons } = await buildLimited(t, { ...ACCOUNT, MAX_CONNECTIONS_PER_NETWORK: '2' })
  pretendIpv6(app)
  const open = async (localAddress: string) => {
    const socket = await connectTo(app, localAddress)
    t.teardown(() => socket.destroy())
    t.match(await request(socket), /^HTTP\/1.1 200/, localAddress)
    return socket
  }
  const first = await open('127.0.0.1')
  await open('127.0.0.1')
  for (let count = 0; count < 10; count++) t.equal(await statusFrom(app, '127.0.0.1'), 'closed')
  for (const each of [2, 2, 3, 3, 4, 4]) await open(`127.0.0.${each}`)
  t.equal(await statusFrom(app, '127.0.0.5'), 'closed', 'the ninth connection of the /56')
  await open('127.0.1.1') // another /56
  t.same([...new Set(reasons)], ['network'])
  first.destroy()
  for (;;) if ((await statusFrom(app, '127.0.0.5')) === '200') break
})

t.test('proxies in TRUST_PROXY have no limit per network', async (t) => {
  const { app, reasons } = await buildLimited(t, {
    MAX_CONNECTIONS_PER_NETWORK: '1',
    TRUST_PROXY: '127.0.0.9',
    AUTH_TOKENS: `a::${'0'.repeat(64)}`,
  })
  const sockets = [await connectTo(app, '127.0.0.9'), await connectTo(app, '127.0.0.9')]
  for (const socket of sockets) t.match(await request(socket), /^HTTP\/1.1 200/)
  t.same(reasons, [])
  for (const socket of sockets) socket.destroy()
})

t.test('beyond MAX_CONNECTIONS, a new connection replaces the longest idle one', async (t) => {
  const { app, reasons, respond } = await buildLimited(t, { MAX_CONNECTIONS: '3' })
  const busy = await connectTo(app)
  await requestSlow(app, busy)
  const used = await connectTo(app)
  const idle = await connectTo(app)
  await request(used)
  const closed = readAll(idle)
  const late = await connectTo(app, '127.0.0.2')
  t.equal(await closed, '', 'the connection that was used last stays open, although it is older')
  t.match(await request(late), /^HTTP\/1.1 200/)
  t.match(await request(used), /^HTTP\/1.1 200/)
  respond()
  t.match(await request(busy, ''), /late$/, 'a request in flight gets its response')
  t.same(reasons, ['idle'])
  for (const socket of [busy, used, late]) socket.destroy()
})

t.test('beyond MAX_CONNECTIONS, a new connection is closed if none is idle', async (t) => {
  const { app, reasons, respond } = await buildLimited(t, { MAX_CONNECTIONS: '2' })
  const sockets = [await connectTo(app), await connectTo(app)]
  for (const socket of sockets) await requestSlow(app, socket)
  t.equal(await statusFrom(app, '127.0.0.2'), 'closed')
  t.same(reasons, ['total'])
  const [first, second] = sockets
  first?.write(GET) // waits for the response to the first request
  second?.destroy()
  for (;;) if ((await statusFrom(app, '127.0.0.2')) === '200') break
  respond()
  first?.destroy()
})

t.test('a client that disconnects during a request leaves no connection behind', async (t) => {
  const { app, reasons } = await buildLimited(t, { MAX_CONNECTIONS: '1' })
  const socket = await connectTo(app)
  await requestSlow(app, socket)
  socket.destroy()
  while (app.inFlight.size > 0) await new Promise((resolve) => setImmediate(resolve))
  const next = await connectTo(app)
  await requestSlow(app, next)
  t.equal(await statusFrom(app, '127.0.0.2'), 'closed')
  t.same(reasons, ['total'])
  next.destroy()
})

t.test('a connection with pipelined requests is idle after the last response', async (t) => {
  const { app, reasons, respond } = await buildLimited(t, { MAX_CONNECTIONS: '1' })
  const socket = await connectTo(app)
  const text = readAll(socket)
  socket.write(GET + SLOW)
  while (app.inFlight.size === 0) await new Promise((resolve) => setImmediate(resolve))
  while (socket.bytesRead === 0) await new Promise((resolve) => setImmediate(resolve))
  t.equal(await statusFrom(app, '127.0.0.2'), 'closed')
  t.same(reasons, ['total'])
  respond()
  while (app.inFlight.size > 0) await new Promise((resolve) => setImmediate(resolve))
  for (;;) if ((await statusFrom(app, '127.0.0.2')) === '200') break
  t.match(await text, /late$/)
})

import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { endLargestHolders } from '../../../plugins/overload/held-memory.ts'
import { memoryInUse } from '../../../plugins/overload/memory.ts'
import { buildWith } from '../../app.ts'
import { connectTo, parseReply, readAll } from '../../socket.ts'
import '../../fixtures/register.ts'

const KIB = 1_024
const MIB = 1_024 * KIB

/** Addresses of two clients in different networks. */
const A = '127.0.0.1'
const B = '127.0.1.1'

/**
 * Builds the service with a route that takes a body, even if too much memory is used, one that returns 20 MiB, and one that
 * never responds.
 */
function build(t: Test, environment = {}) {
  return buildWith(
    t,
    async (app) => {
      app.post('/bodies', { config: { overload: false } }, async () => 'stored')
      app.get('/waits', () => new Promise(() => {}))
      app.get('/large', async () => Buffer.alloc(20 * MIB, 'x'))
    },
    environment,
  )
}

function headOf(size: number) {
  const fields = `Connection: close\r\nContent-Type: text/plain\r\nContent-Length: ${size}`
  return `POST /bodies HTTP/1.1\r\nHost: localhost\r\n${fields}\r\n\r\n`
}

/** Sends all but the last byte of a body, and waits until the service has received them. */
async function upload(app: FastifyInstance, address: string, size: number) {
  const socket = await connectTo(app, address)
  const reply = readAll(socket).then(parseReply)
  const before = [...app.inFlight]
  socket.write(headOf(size))
  socket.write(Buffer.alloc(size - 1, 'x'))
  const own = () => [...app.inFlight].find((each) => !before.includes(each))
  while (own()?.request.upload?.heldBytes !== size - 1) await pause(1)
  return { reply, finish: () => socket.write('x') }
}

/** Requests 20 MiB without reading them. */
async function download(app: FastifyInstance, address: string) {
  const socket = await connectTo(app, address)
  socket.pause().write('GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n')
  const count = app.inFlight.size
  while (app.inFlight.size === count) await pause(1)
  const reply = [...app.inFlight].at(-1)
  while (!reply?.raw.writableLength) await pause(1)
  return socket
}

t.test(
  'the network that has held the most for the longest time loses its oldest uploads first',
  async (t) => {
    const app = await build(t)
    const first = await upload(app, A, 600 * KIB)
    const other = await upload(app, B, 400 * KIB)
    const second = await upload(app, A, 200 * KIB)
    let ended = 0
    endLargestHolders(app.inFlight, 1_200 * KIB, () => ended++)
    t.equal(ended, 0, 'nothing is ended below the limit')
    endLargestHolders(app.inFlight, 1_100 * KIB, () => ended++)
    t.equal(ended, 1)
    t.match(await first.reply, {
      status: 503,
      headers: { connection: 'close', 'retry-after': '1' },
      body: /too many bodies are being received/,
    })
    for (const { finish, reply } of [other, second]) {
      finish()
      t.match(await reply, { status: 200, body: 'stored' })
    }
  },
)

t.test('responses that are not received count too, and their connections are reset', async (t) => {
  const app = await build(t)
  const idle = await connectTo(app, A)
  idle.write('GET /waits HTTP/1.1\r\nHost: localhost\r\n\r\n')
  while (app.inFlight.size === 0) await pause(1)
  const reader = await download(app, A)
  const { finish, reply } = await upload(app, B, 400 * KIB)
  let ended = 0
  endLargestHolders(app.inFlight, MIB, () => ended++)
  t.equal(ended, 1)
  const [error] = await once(reader.resume(), 'error')
  t.match(error, { code: 'ECONNRESET' })
  t.equal(idle.closed, false, 'a request that holds no memory goes on')
  idle.destroy()
  finish()
  t.match(await reply, { status: 200 })
})

t.test('requests that wait behind a response count too', async (t) => {
  const app = await build(t)
  const reader = await download(app, A)
  reader.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(300))
  const [reply] = app.inFlight
  while (reply?.request.raw.socket.connection?.waiting !== 300) await pause(1)
  let ended = 0
  const { writableLength } = Object(reply).raw
  endLargestHolders(app.inFlight, writableLength + 3 * MIB, () => ended++)
  t.equal(ended, 0)
  endLargestHolders(app.inFlight, writableLength + 2 * MIB, () => ended++)
  t.equal(ended, 1)
  reader.destroy()
})

t.test('the addresses of a network count together', async (t) => {
  const app = await build(t)
  const first = await upload(app, '127.0.2.1', 300 * KIB)
  const other = await upload(app, A, 400 * KIB)
  const second = await upload(app, '127.0.2.2', 300 * KIB)
  const [reply] = app.inFlight
  const { arrivedAt } = Object(reply).request
  for (const { request } of app.inFlight) request.arrivedAt = arrivedAt
  endLargestHolders(app.inFlight, 900 * KIB, () => {})
  t.match(await first.reply, { status: 503 })
  for (const { finish, reply } of [other, second]) {
    finish()
    t.match(await reply, { status: 200 })
  }
})

t.test('of several networks, each loses the older half of its exchanges first', async (t) => {
  const app = await build(t)
  const uploads = [
    await upload(app, A, 900 * KIB),
    await upload(app, A, 900 * KIB),
    await upload(app, B, 100 * KIB),
    await upload(app, B, 100 * KIB),
  ]
  endLargestHolders(app.inFlight, 1_000 * KIB, () => {})
  for (const { finish } of uploads) finish()
  const replies = await Promise.all(uploads.map(({ reply }) => reply))
  t.same(
    replies.map(({ status }) => status),
    [503, 200, 503, 200],
  )
})

t.test('clients hold at most half of MAX_MEMORY', async (t) => {
  const limit = 2 * Math.round(memoryInUse())
  const app = await build(t, { MAX_MEMORY: String(limit), BODY_LIMIT: String(limit) })
  const first = await upload(app, A, Math.round(limit * 0.3))
  const second = await upload(app, A, Math.round(limit * 0.15))
  const third = await connectTo(app, A)
  third.write(`${headOf(limit)}${'x'.repeat(limit * 0.1)}`)
  t.match(await first.reply, { status: 503 })
  second.finish()
  t.match(await second.reply, { status: 200 })
  third.destroy()
  const { body } = await app.inject('/metrics')
  t.match(body.match(/^http_requests_shed_total.*/m), [
    'http_requests_shed_total{reason="memory"} 1',
  ])
})

import { setTimeout as pause } from 'node:timers/promises'
import t from 'tap'
import { buildWith } from '../../app.ts'
import { connectTo, readAll } from '../../socket.ts'
import '../../fixtures/register.ts'

const MIB = 1_048_576

t.test('the service reads no further requests while a request waits', async (t) => {
  const { promise, resolve } = Promise.withResolvers<string>()
  const app = await buildWith(t, async (app) => {
    app.get('/slow', () => promise)
    app.get('/fast', async () => 'fast')
  })
  const socket = await connectTo(app)
  const received = readAll(socket)
  const headOf = (target: string, fields = '') =>
    `GET ${target} HTTP/1.1\r\nHost: localhost\r\n${fields}\r\n`
  const large = headOf('/fast', `X-Filler: ${'x'.repeat(12_000)}\r\n`)
  const count = Math.ceil((20 * MIB) / large.length)
  socket.write(headOf('/slow'))
  for (let index = 0; index < 900; index++) socket.write(large)
  socket.write(large.repeat(count - 900))
  while (app.inFlight.size === 0) await pause(1)
  const [slow] = app.inFlight
  const connection = slow?.request.raw.socket
  while (!connection?.connection?.waiting) await pause(1)
  const unsent = () => socket.writableLength
  for (let before = -1; unsent() !== before; await pause(300)) before = unsent()
  t.ok(Number(connection?.bytesRead) < MIB, `${connection?.bytesRead} bytes are read`)
  resolve('slow')
  const text = await received
  t.equal(
    text.match(/\r\n\r\nfast/g)?.length,
    999,
    'each request that a connection allows is handled',
  )
})

import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import { closeIdle } from '../../../plugins/connection/close-idle.ts'

const REQUEST = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'

/** Starts a server with a keep-alive timeout, and connects to it. Returns both ends of the connection. */
async function connectTo(t: Test, keepAliveTimeout: number) {
  const server: Server = createServer({ keepAliveTimeout }, (_request, response) => response.end())
  server.keepAliveTimeoutBuffer = 0
  closeIdle(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [peer]: Socket[] = await once(server, 'connection')
  t.teardown(() => {
    client.destroy()
    server.close()
  })
  return { client, peer: peer as Socket }
}

t.test('a connection is closed after the keep-alive timeout', async (t) => {
  const { client } = await connectTo(t, 200)
  client.write(REQUEST)
  await once(client.resume(), 'close')
  t.ok(client.destroyed)
})

t.test('a connection on which bytes arrive stays open', async (t) => {
  const { client, peer } = await connectTo(t, 20)
  let checks = 0
  const { promise, resolve } = Promise.withResolvers<void>()
  Object.defineProperty(peer, 'bytesRead', {
    get() {
      if (++checks === 100) resolve()
      return checks
    },
  })
  client.write(REQUEST)
  await promise
  t.notOk(peer.destroyed)
})

t.test('a timeout with a listener is a timer of its own', async (t) => {
  const { peer } = await connectTo(t, 20)
  const { promise, resolve } = Promise.withResolvers<void>()
  t.equal(peer.setTimeout(10, resolve), peer)
  await promise
})

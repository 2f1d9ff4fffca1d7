import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Test } from 'tap'

/** A TCP proxy that simulates network failures. */
export interface Proxy {
  url: string
  /** Stops forwarding, but keeps the connections open. */
  pause(): void
  /** Breaks the paused connections, and forwards new connections. */
  resume(): void
  /** Breaks every connection. */
  cut(): void
}

/** Starts a proxy in front of the server at this URL, and stops the proxy when the test ends. */
export async function startProxy(t: Test, target: string): Promise<Proxy> {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  let isPaused = false
  const server = createServer((client) => {
    const upstream = connect(Number(port || 5432), hostname)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    }
    client.pipe(upstream).pipe(client)
    if (isPaused) client.pause()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy()
  }
  t.teardown(() => {
    cut()
    server.close()
  })
  const url = new URL(target)
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}` // the address of a TCP server is an object
  return {
    url: url.href,
    pause() {
      isPaused = true
      for (const socket of sockets) socket.pause()
    },
    resume() {
      isPaused = false
      cut()
    },
    cut,
  }
}

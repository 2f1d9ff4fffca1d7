/** Closes connections on which no request has arrived for the keep-alive timeout. */
import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/** Checks per timeout. A connection may stay open for this part of the timeout longer. */
const CHECKS = 8

const MAX_INTERVAL_MS = 5_000

/** How long a connection has been idle. */
interface Idle {
  /** Time after which the connection is closed; 0 while a request is handled. */
  timeoutMs: number
  elapsedMs: number
  /** Bytes received at the last check. */
  bytesRead: number
}

/**
 * Checks all connections of a server with one timer. Node starts and stops a timer for each response, which costs as
 * much CPU time as several hooks. It does so with `socket.setTimeout`, which therefore only notes the time here.
 */
export function closeIdle(server: Server): void {
  const connections = new Map<Socket, Idle>()
  const intervalMs = Math.min(Math.max(1, server.keepAliveTimeout / CHECKS), MAX_INTERVAL_MS)
  let timer: NodeJS.Timeout | undefined

  function check() {
    for (const [socket, idle] of connections) {
      if (idle.timeoutMs === 0) continue
      const hasSent = socket.bytesRead !== idle.bytesRead
      idle.elapsedMs = hasSent ? 0 : idle.elapsedMs + intervalMs
      idle.bytesRead = socket.bytesRead
      if (idle.elapsedMs >= idle.timeoutMs) socket.emit('timeout') // Node then closes the connection
    }
    if (connections.size === 0) timer = void clearInterval(timer)
  }

  server.on('connection', (socket: Socket) => {
    const idle: Idle = { timeoutMs: 0, elapsedMs: 0, bytesRead: 0 }
    const { setTimeout } = socket
    connections.set(socket, idle)
    timer ??= setInterval(check, intervalMs).unref()
    socket.once('close', () => connections.delete(socket))
    socket.setTimeout = (timeoutMs, callback) => {
      if (callback) return setTimeout.call(socket, timeoutMs, callback)
      idle.timeoutMs = timeoutMs
      idle.elapsedMs = 0
      return socket
    }
  })
}

/** Limits connections, so that one client cannot take all of them. */
import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import { networkOf } from '../../src/http/client-address.ts'
import { CONNECTION_LIMITED, type LimitReached } from '../../src/http/connection.ts'
import { pendingOn } from './serialize-per-connection.ts'

interface Limits {
  /** Maximum number of connections. Beyond it, a new connection replaces the one that is idle for the longest time. */
  total: number
  /** Maximum number of connections of a network, as `networkOf` returns it. */
  perNetwork: number
  /** Returns true for the address of a proxy, which has no limit of its own. */
  isTrusted: (address?: string) => boolean
}

/** Limits the connections of a server. A request keeps its connection until the response was sent. */
export function limitConnections(server: Server, { total, perNetwork, isTrusted }: Limits): void {
  const counts = new Map<string, number>()
  /** Connections in the order of their latest requests. */
  const open = new Set<Socket>()

  function close(socket: Socket, reason: LimitReached) {
    open.delete(socket)
    socket.destroy()
    server.emit(CONNECTION_LIMITED, reason)
  }

  function accept(socket: Socket) {
    const { remoteAddress } = socket
    const network = isTrusted(remoteAddress) ? '' : networkOf(remoteAddress)
    const count = counts.get(network) ?? 0
    if (network && count >= perNetwork) return close(socket, 'network')
    if (open.size >= total) {
      const idle = open.values().find((other) => !pendingOn(other))
      if (!idle) return close(socket, 'total')
      close(idle, 'idle')
    }
    counts.set(network, count + 1)
    open.add(socket)
    socket.once('close', () => {
      open.delete(socket)
      const left = Number(counts.get(network)) - 1
      if (left > 0) counts.set(network, left)
      else counts.delete(network)
    })
  }

  server.on('connection', accept).on('request', ({ socket }: IncomingMessage) => {
    open.delete(socket)
    open.add(socket)
  })
}

/** Limits connections, so that one client cannot take all of them. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
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

/** Limits the connections of a server. A request handler keeps its connection until the response was sent. */
export function limitConnections(server: Server, { total, perNetwork, isTrusted }: Limits): void {
  const counts = new Map<string, number>()
  /** Connections without a request in flight, the longest idle one first. */
  const idle = new Set<Socket>()
  let open = 0

  function close(socket: Socket, reason: LimitReached) {
    idle.delete(socket)
    socket.destroy()
    server.emit(CONNECTION_LIMITED, reason)
  }

  function accept(socket: Socket) {
    const { remoteAddress } = socket
    const network = isTrusted(remoteAddress) ? '' : networkOf(remoteAddress)
    const count = counts.get(network) ?? 0
    if (network && count >= perNetwork) return close(socket, 'network')
    if (open >= total) {
      const [longest] = idle
      if (!longest) return close(socket, 'total')
      close(longest, 'idle')
    }
    counts.set(network, count + 1)
    open++
    idle.add(socket)
    socket.once('close', () => {
      idle.delete(socket)
      open--
      const left = Number(counts.get(network)) - 1
      if (left > 0) counts.set(network, left)
      else counts.delete(network)
    })
  }

  function watch({ socket }: IncomingMessage, response: ServerResponse) {
    idle.delete(socket)
    response.once('close', () => {
      if (!pendingOn(socket)) idle.add(socket)
    })
  }

  server.on('connection', accept).on('request', watch)
}

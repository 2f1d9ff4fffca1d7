/** Limits connections, so that one client cannot take all of them. */
import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import { NARROW_PER_WIDE, networkOf, wideNetworkOf } from '../../src/http/client-address.ts'
import { CONNECTION_LIMITED, type LimitReached } from '../../src/http/connection.ts'
import { pendingOn } from './serialize-per-connection.ts'

interface Limits {
  /** Maximum number of connections. Beyond it, a new connection replaces the one that is idle for the longest time. */
  total: number
  /** Number of connections for which there are file descriptors. */
  descriptors: number
  /** Maximum number of connections of a network, as `networkOf` returns it. An IPv6 /56 network may have more. */
  perNetwork: number
  /** Returns true for the address of a proxy, which has no limit of its own. */
  isTrusted: (address?: string) => boolean
}

/** Limits the connections of a server. A request keeps its connection until the response was sent. */
export function limitConnections(server: Server, limits: Limits) {
  const { perNetwork, isTrusted } = limits
  const total = Math.min(limits.total, limits.descriptors)
  const reasonIfFull = limits.descriptors < limits.total ? 'descriptors' : 'total'
  const counts = new Map<string, number>()
  /** Connections in the order of their latest requests. */
  const open = new Set<Socket>()

  function close(socket: Socket, reason: LimitReached) {
    open.delete(socket)
    socket.destroy()
    server.emit(CONNECTION_LIMITED, reason)
  }

  function count(network: string, change: 1 | -1) {
    const connections = (counts.get(network) ?? 0) + change
    if (connections > 0) counts.set(network, connections)
    else counts.delete(network)
  }

  function accept(socket: Socket) {
    const { remoteAddress } = socket
    const networks = isTrusted(remoteAddress) ? [] : limitsOf(remoteAddress, perNetwork)
    const isFull = networks.some(([network, limit]) => (counts.get(network) ?? 0) >= limit)
    if (isFull) return close(socket, 'network')
    if (open.size >= total) {
      const idle = open.values().find((other) => !pendingOn(other))
      if (!idle) return close(socket, reasonIfFull)
      close(idle, 'idle')
    }
    for (const [network] of networks) count(network, 1)
    open.add(socket)
    socket.once('close', () => {
      open.delete(socket)
      for (const [network] of networks) count(network, -1)
    })
  }

  server.on('connection', accept)
  return {
    /** Call it for each request: the connection is then the last to be replaced. */
    noteRequest({ socket }: IncomingMessage) {
      open.delete(socket)
      open.add(socket)
    },
  }
}

/** Returns the networks of an address, each with its limit: its own network, and the /56 of an IPv6 /64. */
function limitsOf(address: string | undefined, perNetwork: number): [string, number][] {
  const network = networkOf(address)
  const wide = wideNetworkOf(network)
  const own: [string, number] = [network, perNetwork]
  return wide === undefined ? [own] : [own, [wide, perNetwork * NARROW_PER_WIDE]]
}

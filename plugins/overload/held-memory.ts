/** Memory that clients hold while they send a body, receive a response, or let requests wait behind a response. */
import type { FastifyReply } from 'fastify'
import { shortNetworkOf } from '../../src/http/client-address.ts'
import { cutResponse } from '../../src/http/connection.ts'
import { unavailable } from '../../src/http/http-error.ts'

/** Memory of a request that waits behind another one on its connection: twice what a small request takes. */
const WAITING_BYTES = 10_000

/** The exchanges of a network (/24 for IPv4, /48 for IPv6, since an attacker may have all of its addresses), oldest first. */
interface Holder {
  /** Bytes that the network holds, times the milliseconds for which it holds them. */
  cost: number
  replies: FastifyReply[]
}

/**
 * Ends exchanges until clients hold at most `limitBytes`. Begins with the network that has held the most for the longest
 * time, and ends the older half of its exchanges before those of the next network. So clients that send or read slowly on
 * purpose cannot use up the share of others.
 *
 * @param replies replies in flight, oldest first
 * @param onEnd called for each exchange that is ended
 */
export function endLargestHolders(
  replies: Iterable<FastifyReply>,
  limitBytes: number,
  onEnd: () => void,
): void {
  let total = 0
  for (const reply of replies) total += heldBytes(reply)
  if (total <= limitBytes) return
  const holders = findHolders(replies).sort((one, other) => other.cost - one.cost)
  while (total > limitBytes) {
    for (const { replies } of holders) {
      for (const reply of replies.splice(0, Math.ceil(replies.length / 2))) {
        if (total <= limitBytes) return
        total -= heldBytes(reply)
        end(reply)
        onEnd()
      }
    }
  }
}

function findHolders(replies: Iterable<FastifyReply>): Holder[] {
  const holders = new Map<string, Holder>()
  const now = performance.now()
  for (const reply of replies) {
    const bytes = heldBytes(reply)
    if (bytes === 0) continue
    const network = shortNetworkOf(reply.request.ip)
    const holder = holders.get(network) ?? { cost: 0, replies: [] }
    holder.cost += bytes * (now - reply.request.arrivedAt)
    holder.replies.push(reply)
    holders.set(network, holder)
  }
  return [...holders.values()]
}

function heldBytes({ request, raw }: FastifyReply): number {
  const waiting = request.raw.socket.connection?.waiting ?? 0
  return (request.upload?.heldBytes ?? raw.writableLength) + waiting * WAITING_BYTES
}

function end({ request, raw }: FastifyReply): void {
  if (request.upload) request.upload.refuse(unavailable('too many bodies are being received'))
  else cutResponse(raw)
}

/** Memory that clients hold while they send a body or receive a response. */
import type { FastifyReply } from 'fastify'
import { networkOf, wideNetworkOf } from '../../src/http/client-address.ts'
import { cutResponse } from '../../src/http/connection.ts'
import { unavailable } from '../../src/http/http-error.ts'

/** An exchange, and the bytes that its client holds. */
interface Holding {
  reply: FastifyReply
  bytes: number
}

/** The holdings of a network, oldest request first. */
interface Holder {
  bytes: number
  holdings: Holding[]
}

/**
 * Ends exchanges until clients hold at most `limitBytes`. Ends the oldest exchanges of the network that holds the most, so
 * that clients who send or read slowly on purpose cannot use up the share of others.
 *
 * @param replies replies in flight, oldest first
 * @param onEnd called for each exchange that is ended
 */
export function endLargestHolders(
  replies: Iterable<FastifyReply>,
  limitBytes: number,
  onEnd: () => void,
): void {
  const holders = findHolders(replies)
  let total = holders.reduce((sum, { bytes }) => sum + bytes, 0)
  while (total > limitBytes) {
    const largest = holders.reduce((one, other) => (other.bytes > one.bytes ? other : one))
    const { reply, bytes } = largest.holdings.shift() as Holding
    largest.bytes -= bytes
    total -= bytes
    end(reply)
    onEnd()
  }
}

function findHolders(replies: Iterable<FastifyReply>): Holder[] {
  const holders = new Map<string, Holder>()
  for (const reply of replies) {
    const bytes = heldBytes(reply)
    if (bytes === 0) continue
    const network = networkOf(reply.request.ip)
    const key = wideNetworkOf(network) ?? network
    const holder = holders.get(key) ?? { bytes: 0, holdings: [] }
    holder.bytes += bytes
    holder.holdings.push({ reply, bytes })
    holders.set(key, holder)
  }
  return [...holders.values()]
}

function heldBytes({ request, raw }: FastifyReply): number {
  return request.upload?.heldBytes ?? raw.writableLength
}

function end({ request, raw }: FastifyReply): void {
  if (request.upload) request.upload.refuse(unavailable('too many bodies are being received'))
  else cutResponse(raw)
}

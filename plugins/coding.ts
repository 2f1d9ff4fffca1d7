import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type Coding, gainsByCoding, selectCoding } from '../src/http/content-coding.ts'
import { tagOfCoding } from '../src/http/preconditions.ts'

/**
 * Content coding: which one a reply is to have (RFC 9110 §8.4, §12.5.3).
 *
 * It is chosen before the conditions are evaluated, because a coded representation has octets and so a
 * tag of its own (§8.8.3.3), and applied after them by the plugin `compression`: what is not sent is not
 * compressed.
 */
export default fp(
  async (app) => {
    app.decorateReply('coding', null)
    app.addHook('onSend', (request, reply, payload, done) => {
      // a failure that takes the place of a success comes by here a second time
      reply.coding = chooseCoding(request, reply, payload)
      const etag = reply.getHeader('etag')
      if (reply.coding && etag) reply.header('etag', tagOfCoding(String(etag), reply.coding))
      done()
    })
  },
  { name: 'coding', dependencies: ['negotiation', 'auth'] },
)

declare module 'fastify' {
  interface FastifyReply {
    /** The content coding that the content gets; null where it gets none. */
    coding: Coding | null
  }
}

function chooseCoding(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Coding | null {
  const field = request.headers['accept-encoding']
  if (!field || !(typeof payload === 'string' || Buffer.isBuffer(payload))) return null
  const isCodable =
    gainsByCoding(payload, String(reply.getHeader('content-type'))) && !isKeptAsItIs(request, reply)
  return (isCodable && selectCoding(field)) || null
}

/**
 * Whether the octets have to stay: they are coded, a part of them may be asked for, or nobody may change
 * them (RFC 9111 §5.2.2.6). What only some may read is not compressed either: where a reply holds a
 * secret and a text of someone else's choice, its length tells whether they are alike (BREACH).
 */
function isKeptAsItIs({ principal }: FastifyRequest, reply: FastifyReply): boolean {
  return (
    principal !== null ||
    reply.hasHeader('content-encoding') ||
    reply.getHeader('accept-ranges') === 'bytes' ||
    /no-transform/i.test(String(reply.getHeader('cache-control')))
  )
}

import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { addHook } from '../src/hooks.ts'
import {
  type Coding,
  type Content,
  compress,
  gainsByCoding,
  selectCoding,
} from '../src/http/content-coding.ts'
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
    app.decorateReply('contentCoding', null)
    addHook(app, 'onSend', 'content-coding/choose', (request, reply, payload) => {
      // an error that replaces a response passes here a second time
      reply.contentCoding = chooseCoding(request, reply, payload)
      const etag = reply.getHeader('etag')
      if (reply.contentCoding && etag) {
        reply.header('etag', tagOfCoding(String(etag), reply.contentCoding))
      }
      return payload
    })
    addHook(app, 'onSend', 'content-coding/apply', (_request, reply, payload) => {
      const { contentCoding } = reply
      if (!contentCoding || !payload) return payload
      reply.header('content-encoding', contentCoding)
      return compress(contentCoding, payload as Content) // no other payload gets a coding
    })
  },
  { name: 'content-coding', fastify: '5.x' },
)

declare module 'fastify' {
  interface FastifyReply {
    /** The content coding that the content gets; null where it gets none. */
    contentCoding: Coding | null
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
    Boolean(principal) ||
    reply.hasHeader('content-encoding') ||
    reply.getHeader('accept-ranges') === 'bytes' ||
    /no-transform/i.test(String(reply.getHeader('cache-control')))
  )
}

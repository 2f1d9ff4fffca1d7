/**
 * Content coding: compresses responses (RFC 9110 §8.4, §12.5.3).
 *
 * The coding is chosen before preconditions are evaluated, since a compressed representation has other bytes
 * and so an entity tag of its own (§8.8.3.3). The content is compressed afterwards, so that a 304 costs no
 * compression.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { addHook } from '../src/hooks.ts'
import {
  type Coding,
  type Content,
  compress,
  isWorthCompressing,
  selectCoding,
} from '../src/http/content-coding.ts'
import { tagOfCoding } from '../src/http/entity-tag.ts'

declare module 'fastify' {
  interface FastifyReply {
    /** Content coding of the response; null for none. */
    contentCoding: Coding | null
  }
}

async function contentCoding(app: FastifyInstance) {
  app.decorateReply('contentCoding', null)
  addHook(app, 'onSend', 'content-coding/choose', (request, reply, payload) => {
    // Set even if null: an error that replaces a response runs this hook again.
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
    return compress(contentCoding, payload as Content) // chooseCoding allows no other type
  })
}

function chooseCoding(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Coding | null {
  const field = request.headers['accept-encoding']
  if (!field || !(typeof payload === 'string' || Buffer.isBuffer(payload))) return null
  const mediaType = String(reply.getHeader('content-type'))
  const isAllowed = isWorthCompressing(payload, mediaType) && !mustStayUncoded(request, reply)
  return (isAllowed && selectCoding(field)) || null
}

/**
 * Returns true if the response has a content coding already, supports range requests, or must not be
 * transformed (RFC 9111 §5.2.2.6). Responses to authenticated clients are not compressed either: if a
 * response holds a secret and text that an attacker chose, its length reveals if they are similar (BREACH).
 */
function mustStayUncoded({ principal }: FastifyRequest, reply: FastifyReply): boolean {
  return (
    Boolean(principal) ||
    reply.hasHeader('content-encoding') ||
    reply.getHeader('accept-ranges') === 'bytes' ||
    /no-transform/i.test(String(reply.getHeader('cache-control')))
  )
}

export default fp(contentCoding, { name: 'content-coding', fastify: '5.x' })

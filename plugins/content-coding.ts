/**
 * Content coding: compresses responses (RFC 9110 §8.4, §12.5.3).
 *
 * The coding is chosen before preconditions are evaluated, since each coding has its own entity tag
 * (§8.8.3.3). The content is compressed afterwards, so that a 304 costs no compression.
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
    // Set even if the coding is null, since this hook runs again if an error replaces the response.
    reply.contentCoding = chooseCoding(request, reply, payload)
    const etag = reply.contentCoding && reply.getHeader('etag')
    if (reply.contentCoding && etag) {
      reply.header('etag', tagOfCoding(String(etag), reply.contentCoding))
    }
    return payload
  })
  addHook(app, 'onSend', 'content-coding/apply', (_request, reply, payload) => {
    const { contentCoding } = reply
    if (!contentCoding || !payload) return payload
    reply.header('content-encoding', contentCoding)
    return compress(contentCoding, payload as Content) // for other types, chooseCoding returns null
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
 * Returns true if the response already has a content coding, supports range requests, or has `no-transform` (RFC 9111
 * §5.2.2.6). Responses to authenticated clients are not compressed either, since an attacker could guess secrets from
 * the lengths of compressed responses (BREACH).
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

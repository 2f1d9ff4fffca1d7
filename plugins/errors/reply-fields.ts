/** Header fields of error responses. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { runHooks } from '../../src/hooks.ts'
import { NEGOTIATED } from '../../src/http/media-types.ts'
import { validateHeaderName, validateHeaderValue } from '../../src/http/node-http.ts'
import { reasonOf } from '../../src/http/problem.ts'

/** Header fields of the original response; they do not describe the error body. */
const ORIGINAL_FIELDS = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-length',
  'content-range',
  'etag',
  'last-modified',
  'link',
  'location',
]

interface ErrorHead {
  status: number
  mediaType: string
  /** Fields that tell the client how to succeed: Allow, Accept, Retry-After. */
  headers: Record<string, string | string[]>
}

/** Sets status and header fields of an error, and removes those of the response that it replaces. */
export function setErrorFields(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, mediaType, headers }: ErrorHead,
): void {
  for (const name of ORIGINAL_FIELDS) if (reply.hasHeader(name)) reply.removeHeader(name)
  // On a 404 no handler ran, so the fields set by the hooks still stand.
  if (!request.is404) runHooks('onErrorReply', request, reply)
  // Fastify closes the connection after a refused body. If all of it was read, there is no need to.
  if (request.raw.complete && reply.hasHeader('connection')) reply.removeHeader('connection')
  const { challenges } = request.server
  if (status === 401 && challenges) reply.header('www-authenticate', challenges)
  reply
    .code(status)
    .headers(headers)
    .headers(NEGOTIATED)
    .header('content-type', mediaType)
    .serializer((text: string) => text) // without one, Fastify adds a charset to problem+json
  reply.raw.statusMessage = reasonOf(status)
  if (!request.is404) removeInvalidFields(reply)
}

/** Removes fields that Node refuses: they would make the error response fail too. */
function removeInvalidFields(reply: FastifyReply) {
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    try {
      validateHeaderName(name)
      validateHeaderValue(name, String(value))
    } catch {
      reply.removeHeader(name)
    }
  }
}

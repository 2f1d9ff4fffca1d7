import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest, onSendHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import { addHook } from '../src/hooks.ts'
import {
  entityTag,
  isNotModified,
  lastModified,
  type Validators,
  type Version,
} from '../src/http/preconditions.ts'
import { contentRange, selectRange } from '../src/http/range.ts'
import { canAnswer } from '../src/http/route-info.ts'
import { addProblemResponses } from '../src/schemas/responses.ts'

/**
 * Conditional requests and ranges (RFC 9110 §13, §14).
 *
 * A route says which version it sends (`reply.version`, or ETag and Last-Modified of its own), and
 * whether it may be sent in part (`Accept-Ranges: bytes`). From these fields of a 200 follow 304, 412,
 * 206 and 416. What a write expects is checked before it, by `writeExpected`.
 */
export default fp(
  async (app) => {
    app.decorateReply('version', version)

    addHook(app, 'onSend', 'conditional-requests', (request, reply, payload) => {
      const validators = validatorsOf(request, reply)
      return validators ? answer(request, reply, payload, validators) : payload
    })
    app.addHook('onRoute', (route) => {
      if (canAnswer({ schema: route.schema ?? {} }, 304)) addProblemResponses(route, 412)
      if (route.config?.requiresIfMatch) addProblemResponses(route, 412, 428)
      if (route.method === 'HEAD') route.onSend = [route.onSend ?? [], withoutLength].flat()
    })
  },
  { name: 'conditional-requests', fastify: '5.x' },
)

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Declares 412 and 428, for a route that calls `writeExpected`. */
    requiresIfMatch?: true
  }
  interface FastifyReply {
    /** Says which version of the resource this is: ETag, and Last-Modified where the time is known. */
    version(version: Version): FastifyReply
  }
}

function version(this: FastifyReply, { version, modifiedAt }: Version): FastifyReply {
  const isNegotiated = this.routeOptions.config.negotiation?.produces.length
  const mediaType = isNegotiated ? String(this.getHeader('content-type')) : undefined
  this.header('etag', entityTag(version, mediaType))
  const date = modifiedAt && lastModified(modifiedAt)
  return date ? this.header('last-modified', date) : this
}

/** Undefined where no condition is looked at: of another answer than 200 none is (RFC 9110 §13.2.1). */
function validatorsOf({ method }: FastifyRequest, reply: FastifyReply): Validators | undefined {
  if (reply.statusCode !== 200 || (method !== 'GET' && method !== 'HEAD')) return undefined
  const etag = fieldOf(reply, 'etag')
  const lastModified = fieldOf(reply, 'last-modified')
  return etag === undefined && lastModified === undefined ? undefined : { etag, lastModified }
}

function fieldOf(reply: FastifyReply, name: string): string | undefined {
  const value = reply.getHeader(name)
  return value === undefined ? undefined : String(value)
}

/** Gives what is sent of a representation: the whole, a part, or nothing. @throws {HttpError} 412, 416. */
function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  validators: Validators,
): unknown {
  try {
    if (!isNotModified(request.headers, validators)) {
      return partOf(request, reply, payload, validators)
    }
  } catch (error) {
    discard(payload)
    throw error
  }
  discard(payload)
  request.explain?.('modified', false)
  reply.code(304)
  for (const name of OF_THE_CONTENT) reply.removeHeader(name)
  return request.method === 'HEAD' ? '' : null // what Fastify takes where there is no content
}

/** Fields that a 304 lacks of those that the 200 would have (RFC 9110 §15.4.5). */
const OF_THE_CONTENT = ['content-encoding', 'content-length', 'content-type']

/** Closes a file that nobody will read. */
function discard(payload: unknown) {
  if (payload instanceof Readable) payload.destroy()
}

function partOf(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  validators: Validators,
): unknown {
  if (reply.getHeader('accept-ranges') !== 'bytes' || !Buffer.isBuffer(payload)) return payload
  const range = selectRange(request, payload.length, validators)
  if (!range) return payload
  const field = contentRange(range, payload.length)
  request.explain?.('range', field)
  reply.code(206).header('content-range', field)
  return payload.subarray(range.first, range.last + 1)
}

/** Fastify writes the length of what it does not send to HEAD, which for a 304 is no length at all. */
const withoutLength: onSendHookHandler = (_request, reply, _payload, done) => {
  if (reply.statusCode === 304) reply.removeHeader('content-length')
  done()
}

/** Preconditions and ranges of GET and HEAD (RFC 9110 §13.2.2, §14.2). */
import type { IncomingHttpHeaders } from 'node:http'
import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isNotModified, type Validators } from '../../src/http/preconditions.ts'
import { contentRange, selectRange } from '../../src/http/range.ts'
import { READ_METHODS } from '../../src/http/route-info.ts'

/** Header fields that this file evaluates. Most requests have none. */
const FIELDS = [
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
  'range',
] as const

/** Header fields that a 304 must not have, although the corresponding 200 has them (RFC 9110 §15.4.5). */
const CONTENT_FIELDS = ['content-encoding', 'content-length', 'content-type']

/** The onSend hook: returns the content to send, which is all of the payload, a range of it, or none. */
export function sendConditionally(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): unknown {
  if (!isConditional(request.headers)) return payload
  const validators = validatorsOf(request, reply)
  return validators ? evaluate(request, reply, payload, validators) : payload
}

function isConditional(headers: IncomingHttpHeaders): boolean {
  return FIELDS.some((name) => headers[name] !== undefined)
}

/**
 * Returns undefined if preconditions do not apply (RFC 9110 §13.2.1). A response without validators matches only `*`.
 */
function validatorsOf(request: FastifyRequest, reply: FastifyReply): Validators | undefined {
  if (reply.statusCode !== 200 || !READ_METHODS.includes(request.method)) return undefined
  const etag = fieldOf(reply, 'etag')
  const lastModified = fieldOf(reply, 'last-modified')
  return { etag, lastModified }
}

function fieldOf(reply: FastifyReply, name: string): string | undefined {
  const value = reply.getHeader(name)
  return value === undefined ? undefined : String(value)
}

/**
 * Returns the content to send: all of it, a range, or none.
 *
 * @throws {HttpError} 412 or 416
 */
function evaluate(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  validators: Validators,
): unknown {
  try {
    if (!isNotModified(request.headers, validators)) {
      return rangeOf(request, reply, payload, validators)
    }
  } catch (error) {
    closeStream(payload)
    throw error
  }
  closeStream(payload)
  request.explain?.('modified', false)
  reply.code(304)
  for (const name of CONTENT_FIELDS) reply.removeHeader(name)
  return request.method === 'HEAD' ? '' : null // Fastify's payloads for no content
}

/** Closes a stream that is not sent; otherwise the file would stay open. */
function closeStream(payload: unknown) {
  if (payload instanceof Readable) payload.destroy()
}

function rangeOf(
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

/**
 * Conditional requests and ranges (RFC 9110 §13, §14).
 *
 * A handler sets the version of its response (`reply.version`, or ETag and Last-Modified), and
 * `Accept-Ranges: bytes` if it supports range requests. If a 200 has these header fields, this plugin evaluates
 * preconditions and Range, and sends 304, 412, 206 or 416 instead. The preconditions of other methods are checked
 * before the handler runs, unless the handler checks them with `writeExpected`, which also notices concurrent writes.
 */
import { Readable } from 'node:stream'
import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  onSendHookHandler,
  RouteOptions,
} from 'fastify'
import fp from 'fastify-plugin'
import { addHook } from '../src/hooks.ts'
import { entityTag } from '../src/http/entity-tag.ts'
import {
  checkPreconditions,
  isNotModified,
  lastModified,
  type State,
  type Validators,
  type Version,
} from '../src/http/preconditions.ts'
import { contentRange, selectRange } from '../src/http/range.ts'
import { isRead, isUnsafe, READ_METHODS, SAFE_METHODS } from '../src/http/route-info.ts'
import {
  addProblemResponses,
  addResponse,
  addResponseFields,
  noContent,
} from '../src/schemas/responses.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Adds 412 and 428 to the responses in the route's schema. Set this if the handler calls `writeExpected`. */
    requiresIfMatch?: true
    /**
     * Returns the version of the resource that a route without `writeExpected` writes to, so that a client can name
     * this version in If-Match; undefined if the resource does not exist.
     */
    currentVersion?: (request: FastifyRequest) => Promise<Version | undefined>
  }
  interface FastifySchema {
    /** True if the route has `currentVersion`; set by the plugin. */
    'x-conditional'?: true
  }
  interface FastifyReply {
    /**
     * Sets ETag, and Last-Modified if the time of the last change is known. In the response to a write, also sets
     * Content-Location, since the response carries the representation of the resource that was written. Set Location
     * first.
     */
    version(version: Version): FastifyReply
  }
}

/** Preconditions of requests that may change something (RFC 9110 §13.1). */
const PRECONDITIONS = ['if-match', 'if-none-match', 'if-unmodified-since']

/** Header fields that a 304 must not have, although the corresponding 200 has them (RFC 9110 §15.4.5). */
const CONTENT_FIELDS = ['content-encoding', 'content-length', 'content-type']

async function conditionalRequests(app: FastifyInstance) {
  app.decorateReply('version', setVersion)
  addHook(app, 'onSend', 'conditional-requests', (request, reply, payload) => {
    const validators = validatorsOf(request, reply)
    return validators ? evaluate(request, reply, payload, validators) : payload
  })
  addHook(app, 'preHandler', 'conditional-requests', checkUnsafe)
  app.addHook('onRoute', (route) => {
    if (isRead(route)) declareReadResponses(route)
    if (isUnsafe(route)) declareWriteResponses(route)
    if (route.config?.requiresIfMatch) addProblemResponses(route, 428)
    if (route.config?.currentVersion && route.schema) route.schema['x-conditional'] = true
    if (route.method === 'HEAD') route.onSend = [route.onSend ?? [], removeLength].flat()
  })
}

function setVersion(this: FastifyReply, { version, modifiedAt }: Version): FastifyReply {
  const isNegotiated = this.routeOptions.config.negotiation?.produces.length
  const mediaType = isNegotiated ? String(this.getHeader('content-type')) : undefined
  this.header('etag', entityTag(version, mediaType))
  const url = SAFE_METHODS.includes(this.request.method) ? undefined : writtenUrl(this)
  if (url !== undefined) this.header('content-location', url)
  const date = modifiedAt && lastModified(modifiedAt)
  return date ? this.header('last-modified', date) : this
}

/** Methods that write to the resource that the URL of the request names. */
const TARGETED_METHODS = ['PUT', 'PATCH']

/** Returns the URL of the resource that a request has written; undefined if it is not known. */
function writtenUrl(reply: FastifyReply): string | undefined {
  const { method, url } = reply.request
  return TARGETED_METHODS.includes(method) ? url.split('?', 1)[0] : fieldOf(reply, 'location')
}

/** Checks the preconditions of a request that may change something, unless the handler checks them. */
function checkUnsafe(request: FastifyRequest): Promise<void> | undefined {
  const { headers, method } = request
  if (SAFE_METHODS.includes(method)) return undefined
  if (!PRECONDITIONS.some((name) => headers[name] !== undefined)) return undefined
  return request.routeOptions.config.requiresIfMatch ? undefined : checkCurrent(request)
}

/** @throws {HttpError} like `checkPreconditions`, unless the request repeats one that has succeeded */
async function checkCurrent(request: FastifyRequest): Promise<void> {
  const state = await currentState(request)
  try {
    checkPreconditions(request.headers, state)
  } catch (error) {
    // The first request may have changed the state, and its result is sent again.
    if (!(await request.isRepeat?.())) throw error
  }
}

/** Returns the state of the target resource; undefined if it has no representation. */
async function currentState(request: FastifyRequest): Promise<State | undefined> {
  const { config, url } = request.routeOptions
  if (config.currentVersion) return config.currentVersion(request)
  return request.server.hasRoute({ method: 'GET', url: String(url) }) ? {} : undefined
}

/** Declares 412, and the Content-Location that `reply.version` sets. */
function declareWriteResponses(route: RouteOptions) {
  addProblemResponses(route, 412)
  const response = Object(route.schema?.response)
  const versioned = [200, 201].filter((status) => response[status]?.headers?.ETag)
  addResponseFields(route, versioned, { 'Content-Location': {} })
}

/** Declares the responses to conditional requests of a route with GET or HEAD. */
function declareReadResponses(route: RouteOptions) {
  if (!Object(route.schema?.response)[200]) return
  addResponse(route, 304, noContent('The client has the current representation'))
  addProblemResponses(route, 400, 412)
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

/** Removes the wrong Content-Length that Fastify sets in a 304 response to HEAD. */
const removeLength: onSendHookHandler = (_request, reply, _payload, done) => {
  if (reply.statusCode === 304) reply.removeHeader('content-length')
  done()
}

export default fp(conditionalRequests, { name: 'conditional-requests', fastify: '5.x' })

/**
 * Conditional requests and ranges (RFC 9110 §13, §14).
 *
 * A handler sets the version of its response (`reply.version`, or ETag and Last-Modified), and
 * `Accept-Ranges: bytes` if it supports range requests. If a 200 has these header fields, this plugin evaluates
 * preconditions and Range, and sends 304, 412, 206 or 416 instead. The preconditions of other methods are checked
 * before the handler runs, unless the handler checks them with `writeExpected`, which also notices concurrent writes.
 */
import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  onSendHookHandler,
  RouteOptions,
} from 'fastify'
import fp from 'fastify-plugin'
import { addHook } from '../../src/hooks.ts'
import { entityTag } from '../../src/http/entity-tag.ts'
import { HTML } from '../../src/http/media-types.ts'
import { lastModified, type Version } from '../../src/http/preconditions.ts'
import { isRead, isUnsafe, SAFE_METHODS } from '../../src/http/route-info.ts'
import {
  addProblemResponses,
  addResponse,
  addResponseFields,
  noContent,
} from '../../src/schemas/responses.ts'
import { sendConditionally } from './reads.ts'
import { checkWritePreconditions } from './writes.ts'

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

async function conditionalRequests(app: FastifyInstance) {
  app.decorateReply('version', setVersion)
  addHook(app, 'onSend', 'conditional-requests', sendConditionally)
  app.addHook('onRoute', (route) => {
    if (isRead(route)) declareReadResponses(route)
    if (isUnsafe(route)) {
      declareWriteResponses(route)
      route.preHandler = [checkWritePreconditions, route.preHandler ?? []].flat()
    }
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
  // The page of a write shows the write, so it is not the page of the resource.
  if (url !== undefined && mediaType !== HTML) this.header('content-location', url)
  const date = modifiedAt && lastModified(modifiedAt)
  return date ? this.header('last-modified', date) : this
}

/** Methods that write to the resource that the URL of the request names. */
const TARGETED_METHODS = ['PUT', 'PATCH']

/** Returns the URL of the resource that a request has written; undefined if it is not known. */
function writtenUrl(reply: FastifyReply): string | undefined {
  const { method, url } = reply.request
  if (TARGETED_METHODS.includes(method)) return url.split('?', 1)[0]
  return reply.getHeader('location')?.toString()
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

/** Removes the wrong Content-Length that Fastify sets in a 304 response to HEAD. */
const removeLength: onSendHookHandler = (_request, reply, _payload, done) => {
  if (reply.statusCode === 304) reply.removeHeader('content-length')
  done()
}

export default fp(conditionalRequests, { name: 'conditional-requests', fastify: '5.x' })

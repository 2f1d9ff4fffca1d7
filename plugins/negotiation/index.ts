/**
 * Content negotiation: the tutorial's sections "Request Data & Headers" and "Responses".
 *
 * A route's schema lists the media types that the route produces (`response[2xx].content`, preferred first) and
 * consumes (`body.content`; JSON by default). The media type of the response is chosen before the handler runs; if none
 * is acceptable, the client gets 406. A body of another media type gets 415 (RFC 9110 §12.5.1, §15.5.7, §15.5.16). A
 * handler returns data, or calls `reply.represent` if the media types have different content. JSON, XML and HTML are
 * written from the same data; HTML needs the `html-pages` plugin.
 */
import type { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type Static, Type } from 'typebox'
import { addHook } from '../../src/hooks.ts'
import { BODY_KINDS, checkBody, hasBody, kindOf, parserOf } from '../../src/http/body.ts'
import { isMediaType } from '../../src/http/field.ts'
import { essenceOf, NEGOTIATED_VARY } from '../../src/http/media-types.ts'
import { isUnsafe, READ_METHODS } from '../../src/http/route-info.ts'
import { parseOptions } from '../../src/plugin-options.ts'
import { addProblemResponses } from '../../src/schemas/responses.ts'
import { chooseMediaType, type Negotiation, negotiationOf } from './media-type-choice.ts'
import { readBody } from './read-body.ts'

/** Data by media type. XML and HTML are written from the data of `application/json`. */
type Views = { 'application/json': object } & Record<string, string | object>

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set by a route that stores `request.bytes`: numbers in JSON can have any size and any number of digits. */
    keepsBytes?: boolean
    /** Media types of the route; set by the plugin. */
    negotiation?: Negotiation
  }
  interface FastifyRequest {
    /** The body as it was sent; null if there is none. */
    bytes: Buffer | null
  }
  interface FastifyReply {
    /** Sends the view of the negotiated media type. */
    represent(views: Views): FastifyReply
  }
}

export const NegotiationOptions = Type.Object({
  maxBodyValues: Type.Integer({
    default: 10_000,
    minimum: 1,
    description:
      'Maximum number of values in a request body: JSON values, XML elements and attributes, or ' +
      'form fields. An XML body may have 50 characters for each.',
  }),
})
export type NegotiationOptions = Partial<Static<typeof NegotiationOptions>>
export const autoConfig = ({ config }: FastifyInstance): NegotiationOptions => config.negotiation

async function negotiation(app: FastifyInstance, options: NegotiationOptions) {
  const { maxBodyValues } = parseOptions('negotiation', NegotiationOptions, options)
  app.decorateReply('represent', represent)
  app.decorateRequest('bytes', null)
  app.decorateRequest('upload', undefined)
  addBodyParsers(app, maxBodyValues)

  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, negotiation: negotiationOf(route) }
    if (isUnsafe(route)) addProblemResponses(route, 413, 415)
  })
  addHook(app, 'onRequest', 'negotiation', (_request, reply) => {
    reply.header('vary', NEGOTIATED_VARY)
  })
  addHook(app, 'preParsing', 'negotiation', (request, reply) => {
    const { negotiation } = request.routeOptions.config
    if (!negotiation) return
    if (needsBodyCheck(request)) {
      checkBody(request, negotiation.consumes)
      request.explain?.('body', String(request.mediaType))
    }
    chooseMediaType(request, reply, negotiation)
  })
}

/** Replaces Fastify's body parsers with parsers that keep the bytes, so that `idempotency` can compare requests. */
function addBodyParsers(app: FastifyInstance, maxValues: number): void {
  app.removeAllContentTypeParsers()
  const parse = async (request: FastifyRequest, body: Readable) => {
    const bytes = await readBody(request, body)
    request.bytes = bytes
    const mediaType = String(request.mediaType)
    const isOptional = !request.routeOptions.schema?.body
    // Without content there is nothing to parse, but an empty text is a text.
    if (bytes.length === 0 && isOptional && kindOf(mediaType) !== 'text') return undefined
    const { keepsBytes } = request.routeOptions.config
    const contentType = String(request.headers['content-type'])
    return parserOf(mediaType)(bytes, contentType, { keepsBytes, maxValues })
  }
  // `*` is for other media types that a route accepts.
  app.addContentTypeParser([...Object.keys(BODY_KINDS), '*'], parse)
}

function represent(this: FastifyReply, views: Views): FastifyReply {
  const mediaType = essenceOf(String(this.getHeader('content-type')))
  return this.send(views[mediaType] ?? views['application/json'])
}

/**
 * Returns true if the request has a body, or the route requires one. Otherwise Content-Type has no meaning, but many
 * clients send it with every request; a malformed one is removed, since Fastify would refuse it.
 */
function needsBodyCheck({ method, headers, routeOptions }: FastifyRequest): boolean {
  if (READ_METHODS.includes(method)) return false
  if (hasBody(headers) || routeOptions.schema?.body) return true
  const contentType = headers['content-type']
  if (contentType !== undefined && !isMediaType(contentType)) delete headers['content-type']
  return false
}

export default fp(negotiation, { name: 'negotiation', fastify: '5.x' })

import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import { LRUCache } from 'lru-cache'
import { addHook } from '../../src/hooks.ts'
import { BODY_PARSERS, checkBody, consumedBy, hasBody, mediaTypesOf } from '../../src/http/body.ts'
import { HttpError } from '../../src/http/http-error.ts'
import {
  ANY,
  contentType,
  essenceOf,
  HTML,
  JSON_TYPE,
  NEGOTIATED,
  XML,
} from '../../src/http/media-types.ts'
import { jsonToXml, selectRepresentation } from '../../src/http/representation.ts'
import { isWrite } from '../../src/http/route-info.ts'
import { addProblemResponses } from '../../src/schemas/responses.ts'

/**
 * Content negotiation: the tutorial's "Request Data & Headers" and "Responses".
 *
 * A route's schema says what it gives (`response[2xx].content`, the preferred media type first) and
 * what it takes (`body.content`, or JSON). From that alone the reply's media type is chosen before the
 * handler runs, or refused with 406, and a body of another type is refused with 415 (RFC 9110
 * §12.5.1, §15.5.7, §15.5.16). A handler returns data, or the views of `reply.represent` where the
 * media types differ in more than syntax; JSON, XML and HTML are written from the same data.
 */
export default fp(
  async (app) => {
    app.decorateReply('represent', represent)
    app.decorateRequest('bytes', null)

    app.addHook('onRoute', (route) => {
      route.config = { ...route.config, negotiation: negotiationOf(route) }
      if (isWrite(route)) addProblemResponses(route, 413, 415)
    })
    addHook(app, 'onRequest', 'negotiation', (_request, reply) => {
      reply.headers(NEGOTIATED)
    })
    addHook(app, 'preParsing', 'negotiation', (request, reply) => {
      const { negotiation } = request.routeOptions.config
      if (!negotiation) return
      if (takesBody(request)) {
        checkBody(request, negotiation.consumes)
        request.explain?.('body', String(request.mediaType))
      }
      chooseMediaType(request, reply, negotiation)
    })

    app.removeAllContentTypeParsers()
    for (const [mediaType, parse] of Object.entries(BODY_PARSERS)) {
      app.addContentTypeParser<Buffer>(
        mediaType,
        { parseAs: 'buffer' },
        async (request: FastifyRequest, bytes: Buffer) => {
          request.bytes = bytes
          return parse(bytes, String(request.headers['content-type']))
        },
      )
    }
  },
  { name: 'negotiation', fastify: '5.x' },
)

/** Choices remembered for a route, by the value of Accept: most clients send one of a few. */
const REMEMBERED = 50

/** What a route gives and takes. */
interface Negotiation {
  /** Media types of a success, the preferred one first; none where only the handler knows. */
  produces: string[]
  /** Media types of the body; all that can be read, where the route's schema names none. */
  consumes: string[]
  choices: LRUCache<string, string>
}

/** Data by media type. What XML and HTML show is the data of `application/json`. */
type Views = { 'application/json': object } & Record<string, string | object>

declare module 'fastify' {
  interface FastifyContextConfig {
    negotiation?: Negotiation
  }
  interface FastifyRequest {
    /** The body as it was sent; null where there was none. */
    bytes: Buffer | null
  }
  interface FastifyReply {
    /** Sends the view that belongs to the negotiated media type. */
    represent(views: Views): FastifyReply
  }
}

function represent(this: FastifyReply, views: Views): FastifyReply {
  return this.send(
    views[essenceOf(String(this.getHeader('content-type')))] ?? views['application/json'],
  )
}

function negotiationOf({ schema }: RouteOptions): Negotiation {
  const success = Object.entries(schema?.response ?? {}).find(([status]) => status.startsWith('2'))
  return {
    produces: mediaTypesOf(success?.[1])
      .filter((mediaType) => mediaType !== ANY)
      .map(contentType),
    consumes: consumedBy(schema?.body),
    choices: new LRUCache({ max: REMEMBERED }),
  }
}

/** Whether there is a body to check: one that was sent, or one that the route cannot do without. */
function takesBody({ method, headers, routeOptions }: FastifyRequest): boolean {
  if (method === 'GET' || method === 'HEAD') return false
  const isSent = headers['content-type'] !== undefined || hasBody(headers)
  return isSent || Boolean(routeOptions.schema?.body)
}

/** @throws {HttpError} 406 that lists what there is. */
function chooseMediaType(request: FastifyRequest, reply: FastifyReply, negotiation: Negotiation) {
  const { produces, choices } = negotiation
  if (produces.length === 0) return
  const accept = request.headers.accept ?? ''
  let mediaType = choices.get(accept)
  if (mediaType === undefined) {
    const available = availableTypes(request, produces)
    mediaType = selectRepresentation(accept, available)
    if (mediaType === undefined) {
      throw new HttpError(
        'NOT_ACCEPTABLE',
        `no acceptable media type; available: ${available.map(essenceOf).join(', ')}`,
      )
    }
    choices.set(accept, mediaType)
  }
  request.explain?.('accept', essenceOf(mediaType))
  reply.header('content-type', mediaType)
  // JSON under its own name is left to Fastify, which writes it fastest
  if (mediaType !== JSON_TYPE) reply.serializer((data: unknown) => write(reply, mediaType, data))
}

/** Data as a page needs the plugin html-pages; a route that produces HTML alone writes it itself. */
function availableTypes({ server }: FastifyRequest, produces: string[]): string[] {
  if (server.renderPage || produces.length === 1) return produces
  return produces.filter((mediaType) => mediaType !== HTML)
}

/** Writes data in a media type. What is text already stays as it is. */
function write(reply: FastifyReply, mediaType: string, data: unknown): string {
  if (typeof data === 'string') return data
  if (mediaType !== XML && mediaType !== HTML) return serialize(reply, mediaType, data)
  const title = titleOf(reply)
  const json = serialize(reply, essenceOf(JSON_TYPE), data)
  if (mediaType === XML) return jsonToXml(title, json)
  const lead = reply.routeOptions.schema?.summary
  return reply.server.renderPage?.(reply, { title, lead, document: JSON.parse(json) }) ?? json
}

function serialize(reply: FastifyReply, mediaType: string, data: unknown): string {
  const serializeJson = reply.getSerializationFunction(String(reply.statusCode), mediaType)
  return serializeJson
    ? String(serializeJson(data as Record<string, unknown>))
    : JSON.stringify(data)
}

/** What the data is called: the title of the schema that describes it. */
function titleOf(reply: FastifyReply): string {
  const responses = reply.routeOptions.schema?.response as
    | Record<string, ResponseSchema>
    | undefined
  return responses?.[reply.statusCode]?.content?.['application/json']?.schema?.title ?? 'Response'
}

interface ResponseSchema {
  content?: Record<string, { schema?: { title?: string } }>
}

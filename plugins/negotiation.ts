import type { FastifyReply, FastifyRequest, FastifySchema, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import { LRUCache } from 'lru-cache'
import { selectMediaType } from '../src/http/accept.ts'
import { parameters, split } from '../src/http/field.ts'
import { parseForm } from '../src/http/form.ts'
import { writePage } from '../src/http/html.ts'
import { HttpError } from '../src/http/http-error.ts'
import { parseJson } from '../src/http/json.ts'
import {
  contentType,
  essenceOf,
  HTML,
  JSON_TYPE,
  PROBLEM_JSON,
  PROBLEM_XML,
  XML,
} from '../src/http/media-types.ts'
import { parseMultipart } from '../src/http/multipart.ts'
import { decodeText } from '../src/http/text.ts'
import { parseXml, writeXml } from '../src/http/xml.ts'

/**
 * Content negotiation: the tutorial's "Request Data & Headers" and "Responses".
 *
 * A route's schema says what it gives (`response[2xx].content`, the preferred media type first) and
 * what it takes (`body.content`). From that alone the reply's media type is chosen before the
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
    })
    app.addHook('onRequest', (_request, reply, done) => {
      reply.headers(ALWAYS)
      done()
    })
    // after authentication and before the body is read
    app.addHook('preParsing', (request, reply, _payload, done) => {
      const { negotiation } = request.routeOptions.config
      if (negotiation) {
        checkBody(request, negotiation.consumes ?? Object.keys(PARSERS))
        chooseMediaType(request, reply, negotiation)
      }
      done()
    })

    app.removeAllContentTypeParsers()
    for (const [mediaType, parse] of Object.entries(PARSERS)) {
      app.addContentTypeParser(
        mediaType,
        { parseAs: 'buffer' },
        async (request: FastifyRequest, bytes: Buffer) => {
          request.bytes = bytes
          return parse(bytes, request.headers['content-type'] ?? '')
        },
      )
    }
  },
  { name: 'negotiation', dependencies: ['errors'] },
)

/** Every reply varies with Accept, errors included, and is what its media type says it is. */
const ALWAYS = { vary: 'Accept', 'x-content-type-options': 'nosniff' }

/** Choices remembered for a route, by the value of Accept: most clients send one of a few. */
const REMEMBERED = 50

const fromText = (parse: (text: string) => unknown) => (bytes: Buffer) => parse(decodeText(bytes))

/** What each media type of a request body is read into. */
const PARSERS: Record<string, (bytes: Buffer, contentType: string) => unknown> = {
  'text/plain': decodeText,
  'application/json': fromText(parseJson),
  'application/xml': fromText(parseXml),
  'text/xml': fromText(parseXml),
  'application/x-www-form-urlencoded': fromText(parseForm),
  'multipart/form-data': parseMultipart,
  'application/octet-stream': (bytes) => bytes,
}

/** What a route gives and takes. */
interface Negotiation {
  /** Media types of a success, the preferred one first; none where the handler names its own. */
  produces: string[]
  /** Media types of the body; undefined where the route takes whatever can be read, or nothing. */
  consumes: string[] | undefined
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
  const consumes = mediaTypesOf(schema?.body)
  return {
    produces: mediaTypesOf(success?.[1]).map(contentType),
    consumes: consumes.length > 0 ? consumes : undefined,
    choices: new LRUCache({ max: REMEMBERED }),
  }
}

/** The keys of a `content` map, as OpenAPI has it. */
function mediaTypesOf(schema: unknown): string[] {
  return Object.keys((schema as { content?: object } | undefined)?.content ?? {})
}

/** @throws {HttpError} 415, with what is taken in Accept (RFC 9110 §12.5.1) or Accept-Encoding (§12.5.3). */
function checkBody(request: FastifyRequest, consumes: string[]) {
  const { headers, mediaType, routeOptions } = request
  if (mediaType === undefined && !hasBody(request) && !routeOptions.schema?.body) return
  if (['GET', 'HEAD', 'OPTIONS'].includes(request.method)) return
  const coding = headers['content-encoding']
  if (coding !== undefined && coding.toLowerCase() !== 'identity') {
    throw new HttpError('UNSUPPORTED_MEDIA_TYPE', `the content coding ${coding}; taken: identity`, {
      headers: { 'accept-encoding': 'identity' },
    })
  }
  const accept = consumes.join(', ')
  if (mediaType === undefined || !consumes.includes(mediaType)) {
    const sent = headers['content-type'] ?? 'no Content-Type'
    throw new HttpError('UNSUPPORTED_MEDIA_TYPE', `${sent}; taken: ${accept}`, {
      headers: { accept },
    })
  }
  const charset = parameters(split(headers['content-type'] ?? '', ';')).get('charset') ?? 'utf-8'
  if (!['utf-8', 'us-ascii'].includes(charset.toLowerCase())) {
    throw new HttpError('UNSUPPORTED_MEDIA_TYPE', `the charset ${charset}; taken: utf-8`, {
      headers: { accept },
    })
  }
}

/** Whether a body follows, if only an empty one in chunks (RFC 9112 §6.3). */
function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

/** @throws {HttpError} 406 that lists what there is. */
function chooseMediaType(request: FastifyRequest, reply: FastifyReply, negotiation: Negotiation) {
  const { produces, choices } = negotiation
  if (produces.length === 0) return
  const accept = request.headers.accept ?? ''
  const mediaType = choices.get(accept) ?? select(accept, produces)
  if (mediaType === undefined) {
    throw new HttpError('NOT_ACCEPTABLE', `there is ${produces.map(essenceOf).join(', ')}`)
  }
  choices.set(accept, mediaType)
  reply.header('content-type', mediaType)
  // JSON under its own name is left to Fastify, which writes it fastest
  if (mediaType !== JSON_TYPE) reply.serializer((data: unknown) => write(reply, mediaType, data))
}

/** Who reads problems in a syntax reads data in it: to ask for problems alone is no refusal of data. */
const SYNTAX_OF_PROBLEM: Record<string, string> = { [PROBLEM_JSON]: JSON_TYPE, [PROBLEM_XML]: XML }

function select(accept: string, produces: string[]): string | undefined {
  const problem = selectMediaType(accept, Object.keys(SYNTAX_OF_PROBLEM))
  return selectMediaType(accept, produces) ?? SYNTAX_OF_PROBLEM[problem ?? '']
}

/** Writes data in a media type. What is text already stays as it is. */
function write(reply: FastifyReply, mediaType: string, data: unknown): string {
  if (typeof data === 'string') return data
  const isJson = mediaType !== XML && mediaType !== HTML
  const json = serialize(reply, isJson ? mediaType : essenceOf(JSON_TYPE), data)
  if (isJson) return json
  // from the JSON, so that nothing is shown that the schema does not name
  const shown: unknown = JSON.parse(json)
  const title = titleOf(reply)
  if (mediaType === XML) return writeXml(title.charAt(0).toLowerCase() + title.slice(1), shown)
  return writePage(title, JSON.stringify(shown, null, 2))
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

interface ResponseSchema extends FastifySchema {
  content?: Record<string, { schema?: { title?: string } }>
}

/** Chooses the media type of a response from the route's schema and Accept. */
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { LRUCache } from 'lru-cache'
import { consumedBy, mediaTypesOf } from '../../src/http/body.ts'
import { HttpError } from '../../src/http/http-error.ts'
import { ANY, contentType, essenceOf, HTML, JSON_TYPE } from '../../src/http/media-types.ts'
import { selectRepresentation } from '../../src/http/representation.ts'
import { writeAs } from './serialization.ts'

/** Number of Accept values for which each route caches the chosen media type. Most clients send one of a few values. */
const CACHE_SIZE = 50

/** Media types of a route. */
export interface Negotiation {
  /** Media types of 2xx responses, preferred first; empty if the handler sets Content-Type. */
  produces: string[]
  /** Media types of the body: those of the route's schema, otherwise all that can be parsed. */
  consumes: string[]
  /** Cache of the chosen media types, by the value of Accept. */
  choices: LRUCache<string, string>
}

/** Media type of a body in a route's schema: in lower case, without wildcards and parameters. */
const BODY_TYPE = /^[^A-Z*;,\s]+\/[^A-Z*;,\s]+$/

/** @throws {Error} if the schema of the body has a media type that no request can match */
export function negotiationOf({ method, url, schema }: RouteOptions): Negotiation {
  const success = Object.entries(schema?.response ?? {}).find(([status]) => status.startsWith('2'))
  const consumes = consumedBy(schema?.body)
  const wrong = consumes.find((mediaType) => !BODY_TYPE.test(mediaType))
  if (wrong !== undefined) {
    const rule = 'must be a media type in lower case, without wildcards and parameters'
    throw new Error(`${method} ${url}: the body's content type "${wrong}" ${rule}`)
  }
  return {
    produces: mediaTypesOf(success?.[1])
      .filter((mediaType) => mediaType !== ANY)
      .map(contentType),
    consumes,
    choices: new LRUCache({ max: CACHE_SIZE }),
  }
}

/**
 * Sets Content-Type and the serializer.
 *
 * @throws {HttpError} 406 with the available media types
 */
export function chooseMediaType(
  request: FastifyRequest,
  reply: FastifyReply,
  { produces, choices }: Negotiation,
): void {
  if (produces.length === 0) return
  const accept = request.headers.accept ?? ''
  let mediaType = choices.get(accept)
  if (mediaType === undefined) {
    mediaType = selectFrom(offeredBy(request, produces), accept)
    choices.set(accept, mediaType)
  }
  request.explain?.('accept', essenceOf(mediaType))
  reply.header('content-type', mediaType)
  // Fastify's own serializer for JSON is the fastest.
  const chosen = mediaType
  if (chosen !== JSON_TYPE) reply.serializer((data: unknown) => writeAs(reply, chosen, data))
}

/** Without the html-pages plugin, leaves out HTML that would be written from JSON. */
function offeredBy({ server }: FastifyRequest, produces: string[]): string[] {
  if (server.renderPage || !produces.includes(JSON_TYPE)) return produces
  return produces.filter((mediaType) => mediaType !== HTML)
}

function selectFrom(offered: string[], accept: string): string {
  const mediaType = selectRepresentation(accept, offered)
  if (mediaType !== undefined) return mediaType
  const available = offered.map(essenceOf).join(', ')
  throw new HttpError('NOT_ACCEPTABLE', `no acceptable media type; available: ${available}`)
}

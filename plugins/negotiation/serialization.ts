/** Serialization of data in the negotiated media type. */
import type { FastifyReply } from 'fastify'
import { essenceOf, HTML, JSON_TYPE, XML } from '../../src/http/media-types.ts'
import { jsonToXml } from '../../src/http/representation.ts'

/** Writes data in a media type; text is sent unchanged. */
export function writeAs(reply: FastifyReply, mediaType: string, data: unknown): string {
  if (typeof data === 'string') return data
  const { renderPage } = reply.server
  if (mediaType === XML) return jsonToXml(titleOf(reply), toJson(reply, data))
  if (mediaType !== HTML || !renderPage) return serialize(reply, mediaType, data)
  const lead = reply.routeOptions.schema?.summary
  const document = JSON.parse(toJson(reply, data))
  return renderPage(reply, { title: titleOf(reply), lead, document })
}

/** Writes JSON with only the properties in the schema. XML and HTML are written from this JSON. */
function toJson(reply: FastifyReply, data: unknown): string {
  return serialize(reply, essenceOf(JSON_TYPE), data)
}

function serialize(reply: FastifyReply, mediaType: string, data: unknown): string {
  const serializeJson = reply.getSerializationFunction(String(reply.statusCode), mediaType)
  return serializeJson
    ? String(serializeJson(data as Record<string, unknown>)) // a response with a schema is an object
    : JSON.stringify(data)
}

interface ResponseSchema {
  content?: Record<string, { schema?: { title?: string } }>
}

/** Returns the title of the response's schema. */
function titleOf(reply: FastifyReply): string {
  // Fastify does not type the schemas of responses.
  const responses = reply.routeOptions.schema?.response as
    | Record<string, ResponseSchema>
    | undefined
  return responses?.[reply.statusCode]?.content?.['application/json']?.schema?.title ?? 'Response'
}

import type { IncomingHttpHeaders } from 'node:http'
import { isMediaType, parameters, split } from './field.ts'
import { parseForm } from './form.ts'
import { HttpError } from './http-error.ts'
import { parseJson } from './json.ts'
import { parseMultipart } from './multipart.ts'
import { JSON_PATCH, MERGE_PATCH } from './patch.ts'
import { decodeText } from './text.ts'
import { parseXml } from './xml.ts'

type BodyParser = (bytes: Buffer, contentType: string) => unknown

const fromText =
  (parse: (text: string) => unknown): BodyParser =>
  (bytes) =>
    parse(decodeText(bytes))

/** What the body of each media type is read into. Each throws an `HttpError` for one that is malformed. */
export const BODY_PARSERS: Record<string, BodyParser> = {
  'text/plain': decodeText,
  'application/json': fromText(parseJson),
  [MERGE_PATCH]: fromText(parseJson),
  [JSON_PATCH]: fromText(parseJson),
  'application/xml': fromText(parseXml),
  'text/xml': fromText(parseXml),
  'application/x-www-form-urlencoded': fromText(parseForm),
  'multipart/form-data': parseMultipart,
  'application/octet-stream': (bytes) => bytes,
}

/** What is read into something else than the data that a schema is of: those describe it for clients alone. */
export const NO_DATA = [
  'application/xml',
  'text/xml',
  'multipart/form-data',
  'application/octet-stream',
]

/** The keys of a `content` map, as OpenAPI has it; none where the schema has no such map. */
export function mediaTypesOf(schema: unknown): string[] {
  return Object.keys(Object(schema).content ?? {})
}

/** The media types that a route takes, by the schema of its body: without media types it is JSON. */
export function consumedBy(body: unknown): string[] {
  if (body === undefined) return Object.keys(BODY_PARSERS)
  const mediaTypes = mediaTypesOf(body)
  return mediaTypes.length > 0 ? mediaTypes : ['application/json']
}

/** What is known of a body before it is read. */
interface Announcement {
  method: string
  headers: IncomingHttpHeaders
  /** What Content-Type names, in lower case; undefined where it is absent. */
  mediaType?: string | undefined
}

/**
 * Refuses a body that could not be read, before a byte of it is.
 *
 * @param consumes the media types that are taken.
 * @throws {HttpError} 415, with what is taken in Accept (RFC 9110 §12.5.1), in Accept-Patch too where
 * it is a patch (RFC 5789 §2.2), or in Accept-Encoding (RFC 9110 §12.5.3).
 */
export function checkBody(
  { method, headers, mediaType }: Announcement,
  consumes: readonly string[],
) {
  if (method === 'PUT' && headers['content-range'] !== undefined) {
    // RFC 9110 §14.5: a part, which would take the place of the whole
    throw new HttpError('BAD_REQUEST', 'PUT with Content-Range is not supported')
  }
  const sent = headers['content-type'] ?? ''
  const coding = headers['content-encoding'] ?? 'identity'
  if (coding.toLowerCase() !== 'identity') {
    throw refusal(`the content coding ${coding}`, 'identity', { 'accept-encoding': 'identity' })
  }
  const accept = consumes.join(', ')
  const fields = { accept, ...(method === 'PATCH' && { 'accept-patch': accept }) }
  if (mediaType === undefined || !isMediaType(sent) || !consumes.includes(mediaType)) {
    throw refusal(sent || 'no Content-Type', accept, fields)
  }
  const charset = parameters(split(sent, ';')).get('charset') ?? 'utf-8'
  if (!['utf-8', 'us-ascii'].includes(charset.toLowerCase())) {
    throw refusal(`the charset ${charset}`, 'utf-8', fields)
  }
}

function refusal(sent: string, taken: string, headers: Record<string, string>) {
  return new HttpError('UNSUPPORTED_MEDIA_TYPE', `${sent}; taken: ${taken}`, { headers })
}

/** Whether a body follows the fields, if only an empty one in chunks (RFC 9112 §6.3). */
export function announcesBody(headers: IncomingHttpHeaders): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

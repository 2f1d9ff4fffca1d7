import type { IncomingHttpHeaders } from 'node:http'
import type { BodyOptions } from './body-options.ts'
import { isMediaType, parameters, split } from './field.ts'
import { parseForm } from './form.ts'
import { HttpError } from './http-error.ts'
import { parseJson } from './json.ts'
import { essenceOf } from './media-types.ts'
import { parseMultipart } from './multipart/index.ts'
import { JSON_PATCH, MERGE_PATCH } from './patch.ts'
import { decodeText, encodingOf, isWide } from './text.ts'
import { parseXml } from './xml.ts'

type BodyParser = (bytes: Buffer, contentType: string, options?: BodyOptions) => unknown

const fromText =
  (parse: (text: string, options?: BodyOptions) => unknown): BodyParser =>
  (bytes, contentType, options) => {
    if (isWide(bytes)) {
      const accept = `${essenceOf(contentType).trim()}; charset=utf-8`
      throw unsupported('UTF-16 or UTF-32', 'utf-8', { accept })
    }
    return parse(decodeText(bytes), options)
  }

/** Returns the value of the parameter `charset`. */
function charsetOf(contentType: string): string {
  return parameters(split(contentType, ';')).get('charset') ?? 'utf-8'
}

/** Format of a body. */
export type BodyKind = 'text' | 'json' | 'xml' | 'form' | 'multipart' | 'bytes'

/**
 * Each parser throws an `HttpError`: 400 for a malformed body, 413 for too many values, 415 for XML or JSON in an encoding
 * other than UTF-8.
 */
const PARSERS: Record<BodyKind, BodyParser> = {
  text: (bytes, contentType) => decodeText(bytes, encodingOf(charsetOf(contentType))),
  json: fromText(parseJson),
  xml: fromText(parseXml),
  form: (bytes, _contentType, options) => parseForm(decodeText(bytes), options),
  multipart: parseMultipart,
  bytes: (bytes) => bytes,
}

/** Kinds by media type. A route without a body schema accepts all of these media types. */
export const BODY_KINDS: Record<string, BodyKind> = {
  'text/plain': 'text',
  'application/json': 'json',
  [MERGE_PATCH]: 'json',
  [JSON_PATCH]: 'json',
  'application/xml': 'xml',
  'text/xml': 'xml',
  'application/x-www-form-urlencoded': 'form',
  'multipart/form-data': 'multipart',
  'application/octet-stream': 'bytes',
}

/**
 * Returns the kind of a media type. An `application` type with the suffix `+json` or `+xml` is JSON or XML (RFC 6839
 * §3.1, RFC 7303 §8). The kind of any other type is bytes.
 */
export function kindOf(mediaType: string): BodyKind {
  const known = BODY_KINDS[mediaType]
  if (known) return known
  const [, suffix] = /^application\/.+\+(json|xml)$/.exec(mediaType) ?? []
  return BODY_KINDS[`application/${suffix}`] ?? 'bytes'
}

export function parserOf(mediaType: string): BodyParser {
  return PARSERS[kindOf(mediaType)]
}

/** Kinds whose parsers return XML elements, parts of a form or bytes, not the data that a schema describes. */
const UNVALIDATED: BodyKind[] = ['xml', 'multipart', 'bytes']

/** Returns false for a media type whose bodies are not validated, so that the schema is only documentation. */
export function isValidated(mediaType: string): boolean {
  return !UNVALIDATED.includes(kindOf(mediaType))
}

/** Returns the media types of a schema's OpenAPI `content` map; none if it has no such map. */
export function mediaTypesOf(schema: unknown): string[] {
  return Object.keys(Object(schema).content ?? {})
}

/**
 * Returns the media types that a route accepts: those in the body schema, JSON if the schema lists none, or all of
 * `BODY_KINDS` if there is no schema.
 */
export function consumedBy(body: unknown): string[] {
  if (body === undefined) return Object.keys(BODY_KINDS)
  const mediaTypes = mediaTypesOf(body)
  return mediaTypes.length > 0 ? mediaTypes : ['application/json']
}

/** Kinds of which a document can be empty. */
const EMPTIABLE: BodyKind[] = ['text', 'form', 'bytes']

/** A request before its body is read. */
interface RequestHead {
  method: string
  headers: IncomingHttpHeaders
  /** Type and subtype of Content-Type, in lower case; undefined without Content-Type. */
  mediaType?: string | undefined
}

/**
 * Checks that the service can parse a body, before any byte of the body is read.
 *
 * @param consumes media types that the route accepts
 * @throws {HttpError} 400 for PUT with Content-Range, and without a body; 415 with the supported values in Accept or
 * Accept-Encoding (RFC 9110 §12.5.1, §12.5.3), and for PATCH also in Accept-Patch (RFC 5789 §2.2)
 */
export function checkBody(
  { method, headers, mediaType }: RequestHead,
  consumes: readonly string[],
) {
  if (method === 'PUT' && headers['content-range'] !== undefined) {
    // The body is only a part, but would replace the whole resource (RFC 9110 §14.5).
    throw new HttpError('BAD_REQUEST', 'PUT with Content-Range is not supported')
  }
  const contentType = headers['content-type'] ?? ''
  const codings = headers['content-encoding'] ?? ''
  if (split(codings, ',').some((coding) => coding.toLowerCase() !== 'identity')) {
    throw unsupported(`content coding ${codings}`, 'identity', { 'accept-encoding': 'identity' })
  }
  const accept = consumes.join(', ')
  const fields = { accept, ...(method === 'PATCH' && { 'accept-patch': accept }) }
  const isAccepted = mediaType !== undefined && consumes.includes(mediaType)
  if (!hasBody(headers) && !(isAccepted && EMPTIABLE.includes(kindOf(mediaType)))) {
    throw new HttpError('BAD_REQUEST', `a body is required; supported: ${accept}`)
  }
  if (!isAccepted) {
    throw unsupported(contentType || 'no Content-Type', accept, fields)
  }
  if (!isMediaType(contentType)) {
    const reason = 'in which a parameter is malformed, repeated or needs quotes'
    throw unsupported(`${contentType}, ${reason}`, accept, fields)
  }
  // The parser of forms also reads names in other charsets.
  const kind = kindOf(mediaType)
  if (kind === 'bytes' || kind === 'multipart') return
  const charset = charsetOf(contentType)
  const encoding = encodingOf(charset)
  if (encoding === undefined || (kind !== 'text' && encoding !== 'utf-8')) {
    const supported = kind === 'text' ? 'utf-8 and other labels of the Encoding standard' : 'utf-8'
    throw unsupported(`charset ${charset}`, supported, fields)
  }
}

function unsupported(sent: string, supported: string, headers: Record<string, string>) {
  return new HttpError('UNSUPPORTED_MEDIA_TYPE', `${sent}; supported: ${supported}`, { headers })
}

/** Returns true if a body follows the header section. A chunked body may be empty (RFC 9112 §6.3). */
export function hasBody(headers: IncomingHttpHeaders): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

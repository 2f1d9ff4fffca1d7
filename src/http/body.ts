import type { IncomingHttpHeaders } from 'node:http'
import { parameters, split } from './field.ts'
import { parseForm } from './form.ts'
import { HttpError } from './http-error.ts'
import { parseJson } from './json.ts'
import { parseMultipart } from './multipart.ts'
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
  'application/xml': fromText(parseXml),
  'text/xml': fromText(parseXml),
  'application/x-www-form-urlencoded': fromText(parseForm),
  'multipart/form-data': parseMultipart,
  'application/octet-stream': (bytes) => bytes,
}

/**
 * Refuses a body that could not be read, before a byte of it is.
 *
 * @param mediaType what Content-Type names, in lower case; undefined where it is absent.
 * @param consumes the media types that are taken.
 * @throws {HttpError} 415, with what is taken in Accept (RFC 9110 §12.5.1) or Accept-Encoding (§12.5.3).
 */
export function checkBody(
  headers: IncomingHttpHeaders,
  mediaType: string | undefined,
  consumes: readonly string[],
) {
  const sent = headers['content-type'] ?? ''
  const coding = headers['content-encoding'] ?? 'identity'
  if (coding.toLowerCase() !== 'identity') {
    throw refusal(`the content coding ${coding}`, 'accept-encoding', 'identity')
  }
  const accept = consumes.join(', ')
  // of a list of types, readers take the last or the first: no two would agree
  const isOne = split(sent, ',').length === 1
  if (mediaType === undefined || !isOne || !consumes.includes(mediaType)) {
    throw refusal(sent || 'no Content-Type', 'accept', accept)
  }
  const charset = parameters(split(sent, ';')).get('charset') ?? 'utf-8'
  if (!['utf-8', 'us-ascii'].includes(charset.toLowerCase())) {
    throw refusal(`the charset ${charset}`, 'accept', accept, 'utf-8')
  }
}

function refusal(sent: string, field: string, value: string, taken = value) {
  return new HttpError('UNSUPPORTED_MEDIA_TYPE', `${sent}; taken: ${taken}`, {
    headers: { [field]: value },
  })
}

/** Whether a body follows the fields, if only an empty one in chunks (RFC 9112 §6.3). */
export function announcesBody(headers: IncomingHttpHeaders): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

import { create as createDisposition } from 'content-disposition'
import type { FastifyRequest } from 'fastify'
import { HttpError } from '../../src/http/http-error.ts'
import { formatJson, parseExactly } from '../../src/http/json.ts'
import { essenceOf } from '../../src/http/media-types.ts'
import type { Part } from '../../src/http/multipart/part.ts'
import { decodeText } from '../../src/http/text.ts'
import { FILE_NAME_LIMIT, MEDIA_TYPE_LIMIT } from './schema.ts'
import type { NewMessage } from './store.ts'

/**
 * Reads the message of a request: the body, or the only file of a form.
 *
 * @throws {HttpError} 400 if a form does not consist of exactly one file, or a media type or file name is too long
 */
export function messageOf(request: FastifyRequest): NewMessage {
  const message = sentMessage(request)
  requireAtMost(MEDIA_TYPE_LIMIT, 'a media type', message.mediaType)
  requireAtMost(FILE_NAME_LIMIT, "a file's name", message.fileName ?? '')
  return message
}

function requireAtMost(limit: number, name: string, text: string) {
  if (text.length <= limit) return
  throw new HttpError('BAD_REQUEST', `${name} must have at most ${limit} characters`)
}

function sentMessage({ mediaType, headers, bytes, body }: FastifyRequest): NewMessage {
  if (mediaType === 'multipart/form-data') return fileOf(body as Part[]) // the parser of this media type returns parts
  // A body without a media type was refused before. The parsers keep the bytes of every body, even of an empty body.
  return { mediaType: String(headers['content-type']), fileName: null, bytes: bytes as Buffer }
}

/** Returns the only file of a form. Refuses a form with other parts, since they would be silently lost. */
function fileOf(parts: Part[]): NewMessage {
  const [part, ...others] = parts
  if (!part?.fileName || others.length > 0) {
    const names = parts.map(({ name, fileName }) => `${fileName ? 'file' : 'field'} ${name}`)
    throw new HttpError(
      'BAD_REQUEST',
      `a form must hold one file and nothing else, not ${names.join(', ') || 'nothing'}`,
    )
  }
  const { mediaType, fileName, bytes } = part
  return { mediaType, fileName, bytes }
}

/** Writes the tutorial's response text. */
export function acknowledge({ mediaType = '', body }: FastifyRequest, sent: NewMessage): string {
  const texts: Record<string, () => string> = {
    'text/plain': () => `Text Message: ${body}`,
    'application/json': () => `JSON Message: ${formatJson(parseExactly(decodeText(sent.bytes)))}`,
    'application/x-www-form-urlencoded': () => `Form Message: ${formatJson(body)}`,
    'multipart/form-data': () => `File Message: ${sent.fileName} (${sent.bytes.length} bytes)`,
    'application/octet-stream': () => 'Binary message written!',
  }
  return texts[mediaType]?.() ?? `XML Message: ${decodeText(sent.bytes)}`
}

/** Media types that browsers do not execute. `nosniff` prevents browsers from guessing another type. */
const INERT = ['text/plain', 'application/json', 'application/octet-stream']

/**
 * Returns Content-Disposition, which makes browsers save the message (RFC 6266 §4.2), for files and for media types
 * that are not in INERT. For other messages, returns no header field.
 */
export function dispositionOf({ mediaType, fileName }: NewMessage): Record<string, string> {
  const isInert = fileName === null && INERT.includes(essenceOf(mediaType).trim().toLowerCase())
  return isInert ? {} : { 'content-disposition': createDisposition(fileName ?? undefined) }
}

import { isMediaType } from '../field.ts'
import { decodeFormText } from './charset.ts'
import { parseFormDisposition } from './disposition.ts'
import { malformedMultipart } from './malformed.ts'
import { decodeTransferEncoding } from './transfer-encoding.ts'

/** One part of a form: a file if `fileName` is set, otherwise a form field. */
export interface Part {
  name: string
  fileName: string | undefined
  /** Content-Type as it was sent, with parameters. */
  mediaType: string
  bytes: Buffer
}

/** A part before decoding. */
export interface RawPart {
  /** Values by name in lower case, with one character per byte. If a name is repeated, the first value counts. */
  fields: Map<string, string>
  content: Buffer
}

/** Maximum size of the header fields of a part, as of a request. */
const HEAD_LIMIT_BYTES = 16_384

const FIELD = /^([\w!#$%&'*+.^`|~-]+):([^\r\n]*)$/

/**
 * Splits a part into header fields and content.
 *
 * @throws {HttpError} 400 if the header fields are malformed or too large
 */
export function splitPart(part: Buffer): RawPart {
  const { head, content } = splitHead(part)
  const fields = new Map<string, string>()
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n') // unfolded (RFC 5322 §2.2.3)
  for (const line of lines.filter(Boolean)) {
    const [, name = '', value = ''] = FIELD.exec(line) ?? []
    if (!name) throw malformedMultipart('a part has a malformed header field')
    if (!fields.has(name.toLowerCase())) fields.set(name.toLowerCase(), value.trim())
  }
  return { fields, content }
}

/** Splits a part at its blank line. Without content, there may be no blank line (RFC 2046 §5.1.1). */
function splitHead(part: Buffer): { head: string; content: Buffer } {
  const text = part.toString('latin1', 0, HEAD_LIMIT_BYTES)
  if (text.startsWith('\r\n')) return { head: '', content: part.subarray(2) }
  const blank = text.indexOf('\r\n\r\n')
  if (blank >= 0) return { head: text.slice(0, blank), content: part.subarray(blank + 4) }
  if (part.length > HEAD_LIMIT_BYTES) {
    throw malformedMultipart(`the header of a part is larger than ${HEAD_LIMIT_BYTES} bytes`)
  }
  if (text.endsWith('\r\n')) return { head: text, content: part.subarray(part.length) }
  throw malformedMultipart('a part has no blank line after its header fields')
}

/**
 * Decodes a part.
 *
 * @param charset charset of names that are not UTF-8
 * @throws {HttpError} 400 if the part has no name, or cannot be decoded
 */
export function decodePart({ fields, content }: RawPart, charset: string | undefined): Part {
  const field = (name: string) =>
    decodeFormText(Buffer.from(fields.get(name) ?? '', 'latin1'), charset)
  const mediaType = field('content-type') || 'text/plain' // RFC 7578 §4.4
  return {
    ...parseFormDisposition(field('content-disposition')),
    mediaType: isMediaType(mediaType) ? mediaType : 'application/octet-stream',
    bytes: decodeTransferEncoding(content, field('content-transfer-encoding')),
  }
}

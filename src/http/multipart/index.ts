import { parameters, split } from '../field.ts'
import { HttpError } from '../http-error.ts'
import { malformedMultipart } from './malformed.ts'
import { decodePart, type Part, type RawPart, splitPart } from './part.ts'

/** Maximum number of parts in a form. */
const PARTS_LIMIT = 100

/** Maximum number of lines that begin like a delimiter. Random boundaries do not occur in files. */
const DELIMITERS_LIMIT = 1_000

/** Maximum length of a boundary, in characters (RFC 2046 §5.1.1). */
const BOUNDARY_LIMIT = 70

const CRLF = Buffer.from('\r\n')
const DASHES = Buffer.from('--')

/**
 * Parses a `multipart/form-data` body (RFC 7578) in memory. The body limit covers all parts, and no file is
 * written to disk.
 *
 * @param contentType Content-Type with the `boundary` parameter
 * @throws {HttpError} 400 for a malformed or truncated body, 413 for too many parts
 */
export function parseMultipart(bytes: Buffer, contentType: string): Part[] {
  const declared = parameters(split(contentType, ';'))
  const boundary = declared.get('boundary')
  if (!boundary || boundary.length > BOUNDARY_LIMIT) {
    throw malformedMultipart(`Content-Type needs a boundary of 1 to ${BOUNDARY_LIMIT} characters`)
  }
  const parts = splitParts(bytes, boundary).map(splitPart)
  const charset = declared.get('charset') ?? charsetOf(parts)
  return parts.map((part) => decodePart(part, charset))
}

/** Returns the value of the field `_charset_`, in which a browser sends the charset of the names (RFC 7578 §4.6). */
function charsetOf(parts: RawPart[]): string | undefined {
  const part = parts.find(({ fields }) =>
    fields.get('content-disposition')?.endsWith('name="_charset_"'),
  )
  return part?.content.toString()
}

/**
 * Splits a body at its delimiter lines (RFC 2046 §5.1.1). The line end before a delimiter line belongs to it. Omits the
 * text before the first and after the last delimiter, and a part of no bytes, which .NET sends for an empty form.
 */
function splitParts(bytes: Buffer, boundary: string): Buffer[] {
  const body = Buffer.concat([CRLF, bytes])
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1')
  const parts: Buffer[] = []
  let start = body.length
  let delimiters = 0
  let index = body.indexOf(delimiter)
  while (index >= 0) {
    if (++delimiters > DELIMITERS_LIMIT) throw tooManyParts()
    const end = index + delimiter.length
    const isLast = body.subarray(end, end + DASHES.length).equals(DASHES)
    const lineEnd = body.indexOf(CRLF, end)
    // Any other line only begins like a delimiter.
    if (isLast || /^[ \t]*$/.test(body.toString('latin1', end, lineEnd))) {
      if (index > start) parts.push(body.subarray(start, index))
      if (parts.length > PARTS_LIMIT) throw tooManyParts()
      if (isLast) return parts
      start = lineEnd + CRLF.length
    }
    index = body.indexOf(delimiter, end)
  }
  const hasBareLineFeed = bytes.includes(`\n--${boundary}--`) && !bytes.includes(CRLF)
  throw malformedMultipart(
    hasBareLineFeed ? 'lines must end with CR LF' : `the last line, --${boundary}--, is missing`,
  )
}

function tooManyParts() {
  return new HttpError('CONTENT_TOO_LARGE', `a form can have at most ${PARTS_LIMIT} parts`)
}

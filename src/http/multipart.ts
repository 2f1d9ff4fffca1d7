import { Dicer } from '@fastify/busboy'
import { parse as parseDisposition } from 'content-disposition'
import { isMediaType, parameters, split } from './field.ts'
import { HttpError } from './http-error.ts'
import { decodeText } from './text.ts'

/** One part of a form: a file if `fileName` is set, otherwise a form field. */
export interface Part {
  name: string
  fileName: string | undefined
  /** Content-Type as it was sent, with parameters. */
  mediaType: string
  bytes: Buffer
}

/** A part as the parser returns it. */
interface RawPart {
  fields: Record<string, string[] | undefined>
  chunks: Buffer[]
}

/** Maximum number of parts in a form. */
const PARTS_LIMIT = 100

/** Maximum length of a boundary, in characters (RFC 2046 §5.1.1). */
const BOUNDARY_LIMIT = 70

/**
 * Parses a `multipart/form-data` body (RFC 7578) in memory. The body limit covers all parts, and no file is
 * written to disk.
 *
 * @param contentType Content-Type with the `boundary` parameter
 * @throws {HttpError} 400 for a malformed or truncated body, 413 for too many parts
 */
export async function parseMultipart(bytes: Buffer, contentType: string): Promise<Part[]> {
  const boundary = parameters(split(contentType, ';')).get('boundary')
  if (!boundary || boundary.length > BOUNDARY_LIMIT) {
    throw malformed(`Content-Type needs a boundary of 1 to ${BOUNDARY_LIMIT} characters`)
  }
  if (countDelimiters(bytes, boundary) > PARTS_LIMIT + 1) {
    throw new HttpError('CONTENT_TOO_LARGE', `a form can have at most ${PARTS_LIMIT} parts`)
  }
  const parts = await readParts(bytes, boundary)
  return parts.map(({ fields, chunks }) => ({
    ...parsePartFields(fields),
    bytes: Buffer.concat(chunks),
  }))
}

/** Counts delimiter lines up to the limit, so that a flood of parts is refused without being parsed. */
function countDelimiters(bytes: Buffer, boundary: string): number {
  const delimiter = `--${boundary}`
  let count = 0
  let index = bytes.indexOf(delimiter)
  while (index >= 0 && count <= PARTS_LIMIT + 1) {
    count++
    index = bytes.indexOf(delimiter, index + delimiter.length)
  }
  return count
}

function readParts(bytes: Buffer, boundary: string): Promise<RawPart[]> {
  return new Promise((resolve, reject) => {
    const parts: RawPart[] = []
    const parser = new Dicer({ boundary })
    parser.on('part', (stream) => {
      const part: RawPart = { fields: {}, chunks: [] }
      parts.push(part)
      stream.on('header', (fields) => {
        part.fields = fields as RawPart['fields'] // the type that the parser documents
      })
      stream.on('data', (chunk: Buffer) => part.chunks.push(chunk))
      // Ignored here, since the parser also emits this error. Without a listener, the error would end the process.
      stream.on('error', () => {})
    })
    parser.on('error', (error) => reject(malformed(error.message)))
    parser.on('finish', () => resolve(parts))
    parser.end(bytes)
  })
}

/** Parses the header fields of a part, which are in UTF-8 (RFC 7578 §5.1). Removes folders from the file name. */
function parsePartFields(fields: RawPart['fields']): Omit<Part, 'bytes'> {
  const field = (name: string) => decodeText(Buffer.from(fields[name]?.[0] ?? '', 'latin1'))
  const disposition = parseDisposition(field('content-disposition'), { multipart: true })
  const { name, filename } = disposition.parameters
  if (disposition.type !== 'form-data' || name === undefined) {
    throw malformed('each part needs Content-Disposition: form-data with a name')
  }
  // `filename*` can encode a NUL, which PostgreSQL cannot store.
  if (filename?.includes('\0')) throw malformed('a file name contains a NUL character')
  const mediaType = field('content-type') || 'text/plain' // RFC 7578 §4.4
  return {
    name,
    fileName: filename?.split(/[/\\]/).at(-1),
    mediaType: isMediaType(mediaType) ? mediaType : 'application/octet-stream',
  }
}

function malformed(reason: string) {
  return new HttpError('BAD_REQUEST', `the multipart body is malformed: ${reason}`)
}

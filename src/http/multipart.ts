import { Dicer } from '@fastify/busboy'
import { parse as parseDisposition } from 'content-disposition'
import { isMediaType, parameters, split } from './field.ts'
import { HttpError } from './http-error.ts'
import { decodeText } from './text.ts'

/** One part of a form: a file where `fileName` is set, else a field. */
export interface Part {
  name: string
  fileName: string | undefined
  /** The Content-Type as it was sent, parameters included. */
  mediaType: string
  bytes: Buffer
}

/** A part as the parser gives it. */
interface RawPart {
  fields: Record<string, string[] | undefined>
  chunks: Buffer[]
}

/** The most parts that one form may hold. */
const PARTS_LIMIT = 100

/** RFC 2046 §5.1.1. */
const BOUNDARY_LIMIT = 70

/**
 * Reads a `multipart/form-data` body (RFC 7578) that is whole in memory, so that the limit on the
 * body is the limit on all of it, and nothing is ever left on a disk.
 *
 * @param contentType the Content-Type field, with its `boundary`.
 * @throws {HttpError} 400 for a body that is malformed or cut short, 413 for too many parts.
 */
export async function parseMultipart(bytes: Buffer, contentType: string): Promise<Part[]> {
  const boundary = parameters(split(contentType, ';')).get('boundary')
  if (!boundary || boundary.length > BOUNDARY_LIMIT) {
    throw refusal(`Content-Type names no boundary of 1 to ${BOUNDARY_LIMIT} characters`)
  }
  if (countDelimiters(bytes, boundary) > PARTS_LIMIT + 1) {
    throw new HttpError('CONTENT_TOO_LARGE', `a form holds at most ${PARTS_LIMIT} parts`)
  }
  const parts = await readParts(bytes, boundary)
  return parts.map(({ fields, chunks }) => ({ ...describe(fields), bytes: Buffer.concat(chunks) }))
}

/** Counts the lines that begin or end a part, as far as it matters: a flood of parts is not parsed. */
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
        part.fields = fields as RawPart['fields'] // as the parser documents it
      })
      stream.on('data', (chunk: Buffer) => part.chunks.push(chunk))
      // the parser reports the same error, and unheard it would end the process
      stream.on('error', () => {})
    })
    parser.on('error', (error) => reject(refusal(error.message)))
    parser.on('finish', () => resolve(parts))
    parser.end(bytes)
  })
}

/** Reads a part's own fields, which are UTF-8 (RFC 7578 §5.1); a folder in a file's name is dropped. */
function describe(fields: RawPart['fields']): Omit<Part, 'bytes'> {
  const field = (name: string) => decodeText(Buffer.from(fields[name]?.[0] ?? '', 'latin1'))
  const disposition = parseDisposition(field('content-disposition'), { multipart: true })
  const { name, filename } = disposition.parameters
  if (disposition.type !== 'form-data' || name === undefined) {
    throw refusal('a part has no Content-Disposition of form-data with a name')
  }
  // which `filename*` can spell, and PostgreSQL does not keep
  if (filename?.includes('\0')) throw refusal('the name of a file holds a NUL')
  const mediaType = field('content-type') || 'text/plain' // RFC 7578 §4.4
  return {
    name,
    fileName: filename?.split(/[/\\]/).at(-1),
    mediaType: isMediaType(mediaType) ? mediaType : 'application/octet-stream',
  }
}

function refusal(reason: string) {
  return new HttpError('BAD_REQUEST', `the multipart body is malformed: ${reason}`)
}

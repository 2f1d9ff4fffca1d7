import { Busboy } from '@fastify/busboy'
import { parseEssence } from './field.ts'
import { HttpError } from './http-error.ts'

/** One part of a form: a file where `fileName` is set, else a field. */
export interface Part {
  name: string
  fileName: string | undefined
  mediaType: string
  bytes: Buffer
}

/** The most parts that one form may hold. */
const PARTS_LIMIT = 100

/**
 * Reads a `multipart/form-data` body (RFC 7578) that is whole in memory, so that the limit on the
 * body is the limit on all of it, and nothing is ever left on a disk.
 *
 * @param contentType the Content-Type field, with its `boundary`.
 * @throws {HttpError} 400 for a body that is malformed or cut short, 413 for too many parts.
 */
export function parseMultipart(bytes: Buffer, contentType: string): Promise<Part[]> {
  return new Promise((resolve, reject) => {
    const refuse = (reason: string) =>
      reject(new HttpError('BAD_REQUEST', `the multipart body is malformed: ${reason}`))
    const parts: Part[] = []
    const parser = createParser(contentType, refuse)
    if (!parser) return
    parser.on('file', (name, stream, fileName, _encoding, mediaType) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('error', (error: Error) => refuse(error.message))
      stream.on('end', () => {
        parts.push({
          name: String(name ?? ''),
          fileName: fileName ?? undefined,
          mediaType: parseEssence(mediaType) ? mediaType : 'application/octet-stream',
          bytes: Buffer.concat(chunks),
        })
      })
    })
    parser.on('partsLimit', () =>
      reject(new HttpError('CONTENT_TOO_LARGE', `a form holds at most ${PARTS_LIMIT} parts`)),
    )
    parser.on('error', (error) => refuse((error as Error).message))
    parser.on('finish', () => resolve(parts))
    parser.end(bytes)
  })
}

/** The parser throws at once where the field names no boundary. Every part is read as a file. */
function createParser(contentType: string, refuse: (reason: string) => void) {
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      isPartAFile: () => true,
      limits: { parts: PARTS_LIMIT },
    })
  } catch (error) {
    refuse((error as Error).message)
    return undefined
  }
}

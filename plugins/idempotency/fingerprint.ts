import { createHash } from 'node:crypto'
import type { Part } from '../../src/http/multipart/part.ts'

/** The parts of a request that a repeat must have in common with it. */
export interface FingerprintedRequest {
  method: string
  originalUrl: string
  headers: { 'content-type'?: string | undefined }
  /** Type and subtype of Content-Type, in lower case. */
  mediaType?: string | undefined
  /** The body as it was sent; null if there is none. */
  bytes: Buffer | null
  /** The parsed body: `Part[]` if it is a multipart form, undefined without content. */
  body?: unknown
}

const FORM = 'multipart/form-data'

/**
 * Returns a digest of a request: method, target, media type and body, in hexadecimal.
 *
 * A client builds a multipart form anew for each attempt, with another boundary, so the digest of a form covers its
 * parts. The length of each part is in the digest, so that no two forms have the same input.
 */
export function fingerprintOf(request: FingerprintedRequest): string {
  const { method, originalUrl, headers, mediaType, bytes, body } = request
  const isForm = mediaType === FORM
  const type = isForm ? FORM : (headers['content-type'] ?? '')
  const hash = createHash('sha256').update(JSON.stringify([method, originalUrl, type]))
  if (!isForm) return hash.update(bytes ?? '').digest('hex')
  // The parser of forms returns parts; a request without content has no parsed body.
  for (const { name, fileName, mediaType, bytes } of (body ?? []) as Part[]) {
    hash.update(JSON.stringify([name, fileName, mediaType, bytes.length])).update(bytes)
  }
  return hash.digest('hex')
}

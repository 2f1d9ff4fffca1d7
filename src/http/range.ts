import type { IncomingHttpHeaders } from 'node:http'
import { HttpError } from './http-error.ts'
import type { Validators } from './preconditions.ts'

/** Positions of the first and the last byte, from 0. */
export interface ByteRange {
  first: number
  last: number
}

/**
 * One byte range (RFC 9110 §14.1.2). Several ranges are not supported, since overlapping ranges would turn a small
 * request into a large response (§17.15). To resume or to seek, clients need only one range at a time.
 */
const BYTE_RANGE = /^bytes=(?:(\d+)-(\d*)|-(\d+))$/i

/**
 * Selects the range of a representation to send, after the evaluation of preconditions (RFC 9110 §13.2.2). Range is
 * ignored if it is malformed, has another unit or several ranges, or if the method is not GET (§14.2).
 *
 * @param size bytes of the representation
 * @returns undefined for the whole representation
 * @throws {HttpError} 416 with the size, if the range begins after the end (§15.5.17)
 */
export function selectRange(
  { method, headers }: { method: string; headers: IncomingHttpHeaders },
  size: number,
  validators: Validators,
): ByteRange | undefined {
  const found = BYTE_RANGE.exec(headers.range ?? '')
  if (method !== 'GET' || !found || !isCurrent(headers['if-range'], validators)) return undefined
  const [, from, to, suffix] = found
  // A number that is too large to be exact still exceeds the size of any representation.
  const first = from === undefined ? Math.max(0, size - Number(suffix)) : Number(from)
  const last = to ? Number(to) : Number.POSITIVE_INFINITY
  // All of a representation without bytes is its last bytes, but there is no range to name in a 206.
  if (size === 0 && Number(suffix) > 0) return undefined
  if (last < first) return undefined
  if (first < size) return { first, last: Math.min(last, size - 1) }
  const detail = `the range begins after the end: the representation has ${size} bytes`
  throw new HttpError('RANGE_NOT_SATISFIABLE', detail, {
    headers: { 'content-range': `bytes */${size}` },
  })
}

/** Returns the value of Content-Range (RFC 9110 §14.4). */
export function contentRange({ first, last }: ByteRange, size: number): string {
  return `bytes ${first}-${last}/${size}`
}

/**
 * Returns true if If-Range, the validator of the client's partial copy, is current (RFC 9110 §13.1.5). The
 * comparison is strong: a weak tag never matches, and a date must equal Last-Modified, which is strong here.
 */
function isCurrent(
  field: string | string[] | undefined,
  { etag, lastModified }: Validators,
): boolean {
  if (field === undefined || field === lastModified) return true
  return field === etag && !field.startsWith('W/')
}

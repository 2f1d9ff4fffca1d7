import type { IncomingHttpHeaders } from 'node:http'
import { HttpError } from './http-error.ts'
import type { Validators } from './preconditions.ts'

/** Octets of a representation: the positions of the first and the last, from 0. */
export interface ByteRange {
  first: number
  last: number
}

/**
 * One range of octets (RFC 9110 §14.1.2). Several are not understood here: each may be a whole
 * message, which would make a large answer out of a small request (§17.15), and what asks for parts,
 * to resume a download or to seek in it, asks for one at a time.
 */
const BYTE_RANGE = /^bytes=(?:(\d+)-(\d*)|-(\d+))$/i

/**
 * Finds the part of a representation that a reader asks for, once its preconditions hold (RFC 9110
 * §13.2.2). A Range that is malformed, of another unit or of several parts is ignored, as a server may
 * do with any (§14.2), and so is one for another method than GET.
 *
 * @param size the length of the representation, in octets.
 * @returns undefined where the whole is to be sent.
 * @throws {HttpError} 416 that tells the length, where there is no such part (§15.5.17).
 */
export function selectRange(
  { method, headers }: { method: string; headers: IncomingHttpHeaders },
  size: number,
  validators: Validators,
): ByteRange | undefined {
  const found = BYTE_RANGE.exec(headers.range ?? '')
  if (method !== 'GET' || !found || !isCurrent(headers['if-range'], validators)) return undefined
  const [, from, to, suffix] = found
  // a number too large to be exact is beyond any representation all the same
  const first = from === undefined ? Math.max(0, size - Number(suffix)) : Number(from)
  const last = to ? Number(to) : Number.POSITIVE_INFINITY
  if (last < first) return undefined
  if (first < size) return { first, last: Math.min(last, size - 1) }
  throw new HttpError('RANGE_NOT_SATISFIABLE', `the representation has ${size} bytes`, {
    headers: { 'content-range': `bytes */${size}` },
  })
}

/** Tells which octets of how many an answer holds (RFC 9110 §14.4). */
export function contentRange({ first, last }: ByteRange, size: number): string {
  return `bytes ${first}-${last}/${size}`
}

/**
 * Whether what the reader has the other parts of is still this (RFC 9110 §13.1.5). Comparison is
 * strong: a weak tag matches nothing, and a date the very one that is sent, which is a strong one.
 */
function isCurrent(
  field: string | string[] | undefined,
  { etag, lastModified }: Validators,
): boolean {
  if (field === undefined || field === lastModified) return true
  return field === etag && !field.startsWith('W/')
}

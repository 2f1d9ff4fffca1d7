/** Preconditions of reads and writes (RFC 9110 §13). */
import type { IncomingHttpHeaders } from 'node:http'
import { type EntityTags, parseEntityTags, versionOf } from './entity-tag.ts'
import { formatHttpDate, parseHttpDate } from './http-date.ts'
import { HttpError } from './http-error.ts'
import { isSameJson } from './json.ts'

/** Header fields that identify the representation of a response. */
export interface Validators {
  etag?: string | undefined
  lastModified?: string | undefined
}

/** Version of a resource. */
export interface Version {
  /** Opaque text, different for each state of the resource. */
  version: string
  /** Time of the last change (RFC 3339), if known. */
  modifiedAt?: string
}

/** Explains why a weak entity tag does not match, although the version is current. */
const WEAK_TAG =
  'the tag is weak (W/), probably since a proxy has compressed the response; read the resource with ' +
  'Accept-Encoding: identity, and send the ETag of that response'

/**
 * Returns the value of Last-Modified. The value has whole seconds, so it is withheld until the second of the change is
 * over: until then, another change could get the same value (RFC 9110 §8.8.2.2).
 *
 * @param modifiedAt time of the last change (RFC 3339)
 * @returns undefined during that second, or if the time is in the future (§8.8.2.1)
 */
export function lastModified(modifiedAt: string, now = Date.now()): string | undefined {
  const date = Date.parse(modifiedAt)
  return secondOf(date) < secondOf(now) ? formatHttpDate(date) : undefined
}

/**
 * Evaluates the preconditions of a GET or HEAD request (RFC 9110 §13.2.2).
 *
 * @returns true if the client already has the representation, so that the response is 304
 * @throws {HttpError} 412 if If-Match or If-Unmodified-Since fails, 400 for a malformed list of entity tags
 */
export function isNotModified(
  headers: IncomingHttpHeaders,
  { etag = '', lastModified }: Validators,
): boolean {
  const match = parseEntityTags(headers['if-match'], 'If-Match')
  // Strong comparison: a weak tag matches nothing (RFC 9110 §13.1.1).
  const isMatched =
    match === '*' || match?.some(({ weak, opaque }) => !weak && `"${opaque}"` === etag)
  if (isMatched === false) {
    const isWeak = match?.some(({ opaque }) => `"${opaque}"` === etag)
    const detail = isWeak ? `If-Match: ${WEAK_TAG}` : 'If-Match does not match the current ETag'
    throw new HttpError('PRECONDITION_FAILED', detail)
  }
  if (!match) checkUnmodified(headers, lastModified)
  const noneMatch = parseEntityTags(headers['if-none-match'], 'If-None-Match')
  if (!noneMatch) return secondsAfter(headers['if-modified-since'], lastModified) <= 0
  return noneMatch === '*' || noneMatch.some(({ opaque }) => etag.endsWith(`"${opaque}"`))
}

/** Current state of a resource, as far as it is known. */
export interface State {
  version?: string | undefined
  modifiedAt?: string | undefined
}

/**
 * Checks the preconditions of a write before anything is changed (RFC 9110 §13.2.2).
 *
 * @param current state of the resource; undefined if it does not exist
 * @returns true if the client has sent If-Match
 * @throws {HttpError} 412 if a precondition fails, 400 for a malformed list of entity tags
 */
export function checkPreconditions(
  headers: IncomingHttpHeaders,
  current: State | undefined,
): boolean {
  const match = parseEntityTags(headers['if-match'], 'If-Match')
  const noneMatch = parseEntityTags(headers['if-none-match'], 'If-None-Match')
  // Strong comparison: a weak tag matches nothing (RFC 9110 §13.1.1).
  if (match && !isListed(match, current, 'strong')) {
    throw new HttpError('PRECONDITION_FAILED', `If-Match: ${mismatchOf(match, current)}`)
  }
  if (!match) checkUnmodified(headers, current?.modifiedAt)
  if (noneMatch && isListed(noneMatch, current, 'weak')) {
    throw new HttpError('PRECONDITION_FAILED', 'If-None-Match: the resource exists')
  }
  return match !== undefined
}

/**
 * Checks the preconditions of a write to a versioned resource. If the resource exists, If-Match is required. Otherwise
 * a client could overwrite a change that it has not seen.
 *
 * If-Unmodified-Since can prevent a write, but does not replace If-Match, since a resource can change several times
 * in a second (§13.1.4).
 *
 * @param version of the resource; undefined if it does not exist
 * @param modifiedAt time of the last change, if known
 * @throws {HttpError} like `checkPreconditions`, or 428 if there is no If-Match (RFC 6585 §3)
 */
export function checkWrite(
  headers: IncomingHttpHeaders,
  version: string | undefined,
  modifiedAt?: string,
): void {
  const current = version === undefined ? undefined : { version, modifiedAt }
  if (!checkPreconditions(headers, current) && current) {
    throw new HttpError('PRECONDITION_REQUIRED', 'If-Match with the current ETag is required')
  }
}

/** Returns the reason why If-Match matches nothing. */
function mismatchOf(tags: EntityTags, current: State | undefined): string {
  if (!current) return 'the resource does not exist'
  if (isListed(tags, current, 'weak')) return WEAK_TAG
  if (current.version === undefined) return 'the resource has no ETag'
  return 'the resource has changed, and so has its ETag'
}

/**
 * Writes to a resource if the preconditions hold. If another write comes first, reads the resource and checks the
 * preconditions again. `If-Match: *` then still matches, but an entity tag does not.
 *
 * @param read returns the current state; undefined if the write would create the resource
 * @param write returns undefined or false if the state has changed since `read`
 * @throws {HttpError} like `checkWrite`; any error of `read` and `write` is also thrown
 */
export async function writeExpected<Found extends Version | undefined, Result>(
  headers: IncomingHttpHeaders,
  read: () => Promise<Found>,
  write: (found: Found) => Promise<Result>,
): Promise<Exclude<Result, undefined | false>> {
  for (;;) {
    const found = await read()
    checkWrite(headers, found?.version, found?.modifiedAt)
    const result = await write(found)
    if (result) return result as Exclude<Result, undefined | false> // truthy
  }
}

/**
 * Returns true if a write would change no member of a resource. Such a write makes no new version, so a repeated PUT and
 * an empty patch do not invalidate the copies of other clients.
 *
 * @param current the resource, with all its members
 * @param fields all members that the resource has after the write, except the read-only ones. A missing member is
 * removed, which is the same as null, because a column has only one value for both.
 * @param readOnly members that only the service writes
 */
export function isUnchanged<Current extends object, Fields extends object>(
  current: Current,
  fields: Fields,
  readOnly: readonly Exclude<keyof Current, keyof Fields>[],
): boolean {
  const before = new Map<string, unknown>(Object.entries(current))
  const after = new Map<string, unknown>(Object.entries(fields))
  const names = new Set([...before.keys(), ...after.keys()]).difference(new Set<unknown>(readOnly))
  return [...names].every((name) => isSameJson(before.get(name) ?? null, after.get(name) ?? null))
}

/** @throws {HttpError} 412 if the resource has changed after the date in If-Unmodified-Since */
function checkUnmodified(headers: IncomingHttpHeaders, modifiedAt: string | undefined) {
  if (secondsAfter(headers['if-unmodified-since'], modifiedAt) > 0) {
    throw new HttpError(
      'PRECONDITION_FAILED',
      'If-Unmodified-Since: the resource was modified later',
    )
  }
}

/** Returns the seconds from a header field's date to the change; NaN if the field is to be ignored (§13.1.3). */
function secondsAfter(field: string | undefined, modifiedAt = ''): number {
  if (field === undefined) return Number.NaN
  return secondOf(Date.parse(modifiedAt)) - secondOf(parseHttpDate(field))
}

function secondOf(milliseconds: number): number {
  return Math.floor(milliseconds / 1000)
}

function isListed(
  tags: EntityTags,
  current: State | undefined,
  comparison: 'strong' | 'weak',
): boolean {
  if (!current) return false
  if (tags === '*') return true
  return tags.some(
    ({ weak, opaque }) => (comparison === 'weak' || !weak) && versionOf(opaque) === current.version,
  )
}

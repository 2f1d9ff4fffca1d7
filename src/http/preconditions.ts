import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { CODINGS, type Coding } from './content-coding.ts'
import { formatHttpDate, parseHttpDate } from './http-date.ts'
import { HttpError } from './http-error.ts'

/** What a conditional request field lists: any representation, or opaque tags. */
type EntityTags = '*' | { weak: boolean; opaque: string }[]

/** An entity tag (RFC 9110 §8.8.3). */
const TAG = '(?:W/)?"[\\x21\\x23-\\x7e\\x80-\\xff]*"'

/** How the syntax, with the digest of a page, and the coding of a representation stand in its tag. */
const SUFFIXES = new RegExp(
  `(?:-(?:json|xml|html(?:-[\\da-f]{16})?|plain))?(?:-(?:${CODINGS.join('|')}))?$`,
)

/**
 * Writes the strong entity tag of a representation (RFC 9110 §8.8.3): the version of the resource,
 * and the syntax where there are several, since their octets differ.
 *
 * @param mediaType the Content-Type of the representation; absent where there is no other.
 */
export function entityTag(version: string, mediaType?: string): string {
  if (mediaType === undefined) return `"${version}"`
  const [, syntax] = /(\w+)(?:;|$)/.exec(mediaType) ?? []
  return `"${version}-${syntax}"`
}

/**
 * Writes the tag of a page: of its octets, since more than the resource is in it, which a release may
 * change.
 */
export function tagOfPage(tag: string, page: string): string {
  const digest = createHash('sha256').update(page).digest('hex').slice(0, 16)
  return `${tag.slice(0, -1)}-${digest}"`
}

/** Writes the tag that the JSON has of what a page shows. */
export function tagOfJson(tag: string): string {
  return tag.replace(/-html"$/, '-json"')
}

/** Writes the tag of a representation under a content coding: no two have the same octets. */
export function tagOfCoding(tag: string, coding: Coding): string {
  return `${tag.slice(0, -1)}-${coding}"`
}

/**
 * Writes the Last-Modified of a representation once its second is over (RFC 9110 §8.8.2.2): whoever
 * holds that date then holds the last of the versions which that second had.
 *
 * @param modifiedAt as RFC 3339 has it.
 * @returns undefined where the second is not over, or still to come by this clock (§8.8.2.1).
 */
export function lastModified(modifiedAt: string, now = Date.now()): string | undefined {
  const date = Date.parse(modifiedAt)
  return secondOf(date) < secondOf(now) ? formatHttpDate(date) : undefined
}

/** What a representation is recognized by: the fields of the reply that carries it. */
export interface Validators {
  etag?: string | undefined
  lastModified?: string | undefined
}

/**
 * Whether a reader has the representation already, so that 304 says all (RFC 9110 §13.2.2).
 *
 * @throws {HttpError} 412 where the reader wants another, 400 for a field that is no list of entity tags.
 */
export function isNotModified(
  headers: IncomingHttpHeaders,
  { etag = '', lastModified }: Validators,
): boolean {
  const match = parseEntityTags(headers['if-match'], 'If-Match')
  // strong comparison: a weak tag matches nothing (RFC 9110 §13.1.1)
  const isMatched =
    match === '*' || match?.some(({ weak, opaque }) => !weak && `"${opaque}"` === etag)
  if (isMatched === false)
    throw new HttpError('PRECONDITION_FAILED', 'If-Match does not match the current ETag')
  if (!match) checkUnmodified(headers, lastModified)
  const noneMatch = parseEntityTags(headers['if-none-match'], 'If-None-Match')
  if (!noneMatch) return secondsAfter(headers['if-modified-since'], lastModified) <= 0
  return noneMatch === '*' || noneMatch.some(({ opaque }) => etag.endsWith(`"${opaque}"`))
}

/**
 * Checks what a writer expects of a resource before anything is changed (RFC 9110 §13.2.2). To
 * change what exists without saying which version was seen could undo what another has written.
 *
 * A date allows no write, since its second may have had several versions; it may forbid one (§13.1.4).
 *
 * @param version of the resource; undefined where there is none.
 * @param modifiedAt when that came about, where this is known.
 * @throws {HttpError} 412 where the expectation fails, 428 where it is missing (RFC 6585 §3), 400
 * for a field that is no list of entity tags: to guess at it would be to guess at a write.
 */
export function checkWrite(
  headers: IncomingHttpHeaders,
  version: string | undefined,
  modifiedAt?: string,
) {
  const match = parseEntityTags(headers['if-match'], 'If-Match')
  const noneMatch = parseEntityTags(headers['if-none-match'], 'If-None-Match')
  // strong comparison: a weak tag matches nothing (RFC 9110 §13.1.1)
  if (match && !isListed(match, version, false)) {
    const state =
      version === undefined
        ? 'the resource does not exist'
        : 'the resource has changed, and so has its ETag'
    throw new HttpError('PRECONDITION_FAILED', `If-Match: ${state}`)
  }
  if (!match) checkUnmodified(headers, modifiedAt)
  if (noneMatch && isListed(noneMatch, version, true)) {
    throw new HttpError('PRECONDITION_FAILED', 'If-None-Match: the resource exists')
  }
  if (!match && version !== undefined) {
    throw new HttpError('PRECONDITION_REQUIRED', 'If-Match with the current ETag is required')
  }
}

/** Which state of a resource this is. */
export interface Version {
  /** Opaque: no other state of this resource has the same. */
  version: string
  /** When it came about, as RFC 3339 has it, where this is known. */
  modifiedAt?: string
}

/**
 * Writes to the version of a resource that the client expects. Where another write comes between the
 * look and this one, it looks again: `If-Match: *` still holds then, and a version does not.
 *
 * @param look gives what is there; undefined where nothing is and the write would make it.
 * @param write gets that, and gives undefined or false where it is not there any more.
 * @throws {HttpError} as `checkWrite`, and whatever `look` and `write` throw.
 */
export async function writeExpected<Found extends Version | undefined, Result>(
  headers: IncomingHttpHeaders,
  look: () => Promise<Found>,
  write: (found: Found) => Promise<Result>,
): Promise<Exclude<Result, undefined | false>> {
  for (;;) {
    const found = await look()
    checkWrite(headers, found?.version, found?.modifiedAt)
    const result = await write(found)
    // what `Exclude` says of the type
    if (result) return result as Exclude<Result, undefined | false>
  }
}

/** @throws {HttpError} 412 where there was a change since the date that If-Unmodified-Since names. */
function checkUnmodified(headers: IncomingHttpHeaders, modifiedAt: string | undefined) {
  if (secondsAfter(headers['if-unmodified-since'], modifiedAt) > 0) {
    throw new HttpError(
      'PRECONDITION_FAILED',
      'If-Unmodified-Since: the resource was modified later',
    )
  }
}

/** How long after the date of a field the change was; NaN where the field is to be ignored (§13.1.3). */
function secondsAfter(field: string | undefined, modifiedAt = ''): number {
  if (field === undefined) return Number.NaN
  return secondOf(Date.parse(modifiedAt)) - secondOf(parseHttpDate(field))
}

function secondOf(milliseconds: number): number {
  return Math.floor(milliseconds / 1000)
}

/** Whether a tag of this version is in the list, of whatever syntax and coding. */
function isListed(tags: EntityTags, version: string | undefined, weakly: boolean): boolean {
  if (version === undefined) return false
  if (tags === '*') return true
  return tags.some(
    ({ weak, opaque }) => (weakly || !weak) && opaque.replace(SUFFIXES, '') === version,
  )
}

/** The list as a whole (RFC 9110 §5.6.1): a comma may stand inside a tag, where nothing is escaped. */
const ENTITY_TAGS = new RegExp(`^[ \\t,]*${TAG}(?:[ \\t]*,[ \\t,]*${TAG})*[ \\t,]*$`)

function parseEntityTags(field: string | undefined, name: string): EntityTags | undefined {
  if (field === undefined) return undefined
  if (field.trim() === '*') return '*'
  if (!ENTITY_TAGS.test(field)) {
    throw new HttpError('BAD_REQUEST', `${name} must be * or a list of entity tags`)
  }
  return [...field.matchAll(new RegExp(TAG, 'g'))].map(([tag]) => ({
    weak: tag.startsWith('W/'),
    opaque: tag.slice(tag.indexOf('"') + 1, -1),
  }))
}

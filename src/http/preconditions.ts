import type { IncomingHttpHeaders } from 'node:http'
import { HttpError } from './http-error.ts'

/** What a conditional request field lists: any representation, or opaque tags. */
type EntityTags = '*' | { weak: boolean; opaque: string }[]

/** An entity tag (RFC 9110 §8.8.3). */
const TAG = '(?:W/)?"[\\x21\\x23-\\x7e\\x80-\\xff]*"'

/** How the syntax of a representation stands in its tag. */
const SYNTAXES = ['json', 'xml', 'html', 'plain']

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
 * Whether a reader has the representation already, so that 304 says all (RFC 9110 §13.2.2).
 *
 * @param current the entity tag of the representation.
 * @throws {HttpError} 412 where If-Match names another, 400 for a field that is no list of entity tags.
 */
export function isNotModified(headers: IncomingHttpHeaders, current: string): boolean {
  const match = parseEntityTags(headers['if-match'], 'If-Match')
  // strong comparison: a weak tag matches nothing (RFC 9110 §13.1.1)
  const matches = (tags: EntityTags) =>
    tags === '*' || tags.some(({ weak, opaque }) => !weak && `"${opaque}"` === current)
  if (match && !matches(match)) throw new HttpError('PRECONDITION_FAILED', 'If-Match names another')
  const tags = parseEntityTags(headers['if-none-match'], 'If-None-Match')
  if (tags === undefined) return false
  return tags === '*' || tags.some(({ opaque }) => `"${opaque}"` === current)
}

/**
 * Checks what a writer expects of a resource before anything is changed (RFC 9110 §13.2.2). To
 * change what exists without saying which version was seen could undo what another has written.
 *
 * @param version of the resource; undefined where there is none.
 * @throws {HttpError} 412 where the expectation fails, 428 where it is missing (RFC 6585 §3), 400
 * for a field that is no list of entity tags: to guess at it would be to guess at a write.
 */
export function checkWrite(headers: IncomingHttpHeaders, version: string | undefined) {
  const match = parseEntityTags(headers['if-match'], 'If-Match')
  const noneMatch = parseEntityTags(headers['if-none-match'], 'If-None-Match')
  // strong comparison: a weak tag matches nothing (RFC 9110 §13.1.1)
  if (match && !isListed(match, version, false)) {
    const state =
      version === undefined ? 'there is nothing here' : 'this has another version by now'
    throw new HttpError('PRECONDITION_FAILED', `If-Match: ${state}`)
  }
  if (noneMatch && isListed(noneMatch, version, true)) {
    throw new HttpError('PRECONDITION_FAILED', 'If-None-Match: this exists')
  }
  if (!match && version !== undefined) {
    throw new HttpError('PRECONDITION_REQUIRED', 'If-Match must name the ETag that was read')
  }
}

/**
 * Writes to the version of a resource that the client expects. Where another write comes between the
 * look and this one, it looks again: `If-Match: *` still holds then, and a version does not.
 *
 * @param look gives what is there; undefined where nothing is and the write would make it.
 * @param write gets that, and gives undefined or false where it is not there any more.
 * @throws {HttpError} as `checkWrite`, and whatever `look` and `write` throw.
 */
export async function writeExpected<Found extends { version: string } | undefined, Result>(
  headers: IncomingHttpHeaders,
  look: () => Promise<Found>,
  write: (found: Found) => Promise<Result>,
): Promise<Exclude<Result, undefined | false>> {
  for (;;) {
    const found = await look()
    checkWrite(headers, found?.version)
    const result = await write(found)
    // what `Exclude` says of the type
    if (result) return result as Exclude<Result, undefined | false>
  }
}

/** Whether a tag of this version is in the list, of whatever representation. */
function isListed(tags: EntityTags, version: string | undefined, weakly: boolean): boolean {
  if (version === undefined) return false
  if (tags === '*') return true
  const current = [version, ...SYNTAXES.map((syntax) => `${version}-${syntax}`)]
  return tags.some(({ weak, opaque }) => (weakly || !weak) && current.includes(opaque))
}

/** The list as a whole (RFC 9110 §5.6.1): a comma may stand inside a tag, where nothing is escaped. */
const ENTITY_TAGS = new RegExp(`^[ \\t,]*${TAG}(?:[ \\t]*,[ \\t,]*${TAG})*[ \\t,]*$`)

function parseEntityTags(field: string | undefined, name: string): EntityTags | undefined {
  if (field === undefined) return undefined
  if (field.trim() === '*') return '*'
  if (!ENTITY_TAGS.test(field)) {
    throw new HttpError('BAD_REQUEST', `${name} is no list of entity tags`)
  }
  return [...field.matchAll(new RegExp(TAG, 'g'))].map(([tag]) => ({
    weak: tag.startsWith('W/'),
    opaque: tag.slice(tag.indexOf('"') + 1, -1),
  }))
}

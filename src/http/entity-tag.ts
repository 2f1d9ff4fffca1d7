/**
 * Entity tags (RFC 9110 §8.8.3): `"<version>-<format>-<coding>"`. The format is the subtype of the media type or its
 * suffix, such as `json`; the coding is the content coding.
 */
import { createHash } from 'node:crypto'
import { CODINGS, type Coding } from './content-coding.ts'
import { HttpError } from './http-error.ts'

/** Value of If-Match or If-None-Match: `*`, or tags without their quotes. */
export type EntityTags = '*' | { weak: boolean; opaque: string }[]

const TAG = '(?:W/)?"[\\x21\\x23-\\x7e\\x80-\\xff]*"'

/** Matches a list of entity tags (RFC 9110 §5.6.1). A tag can contain commas, but no escapes. */
const TAG_LIST = new RegExp(`^[ \\t,]*${TAG}(?:[ \\t]*,[ \\t,]*${TAG})*[ \\t,]*$`)

/**
 * Matches the parts of a tag after the version: format, digest of an HTML page, and content coding. Each part is
 * optional.
 */
const SUFFIXES = new RegExp(
  `(?:-(?:json|xml|html(?:-[\\da-f]{16})?|plain))?(?:-(?:${CODINGS.join('|')}))?$`,
)

/**
 * Returns the strong entity tag of a representation. If the resource has several media types, the tag includes the
 * format, since the bytes differ.
 *
 * @param mediaType Content-Type of the representation; undefined if the resource has only one media type
 */
export function entityTag(version: string, mediaType?: string): string {
  if (mediaType === undefined) return `"${version}"`
  return `"${version}-${formatOf(mediaType)}"`
}

const formats = new Map<string, string>()

/** Returns the subtype of a media type, or its suffix. The service has only a few media types, so each is parsed once. */
function formatOf(mediaType: string): string {
  const known = formats.get(mediaType)
  if (known !== undefined) return known
  const format = String(/(\w+)(?:;|$)/.exec(mediaType)?.[1])
  formats.set(mediaType, format)
  return format
}

/** Adds a digest of the HTML page to its entity tag, since a release may change the page of an unchanged resource. */
export function tagOfPage(tag: string, page: string): string {
  const digest = createHash('sha256').update(page).digest('hex').slice(0, 16)
  return `${tag.slice(0, -1)}-${digest}"`
}

/** Converts the entity tag of an HTML page to that of the JSON representation. */
export function tagOfJson(tag: string): string {
  return tag.replace(/-html"$/, '-json"')
}

/** Adds the content coding to an entity tag, since the compressed bytes differ. */
export function tagOfCoding(tag: string, coding: Coding): string {
  return `${tag.slice(0, -1)}-${coding}"`
}

/**
 * Parses If-Match or If-None-Match.
 *
 * @returns undefined if the header field is absent or has no members (RFC 9110 §5.6.1)
 * @throws {HttpError} 400 for a malformed value, since guessing its meaning could allow a write
 */
export function parseEntityTags(field: string | undefined, name: string): EntityTags | undefined {
  if (field === undefined || /^[ \t,]*$/.test(field)) return undefined
  if (field.trim() === '*') return '*'
  if (!TAG_LIST.test(field)) {
    throw new HttpError('BAD_REQUEST', `${name} must be * or a list of entity tags`)
  }
  return [...field.matchAll(new RegExp(TAG, 'g'))].map(([tag]) => ({
    weak: tag.startsWith('W/'),
    opaque: tag.slice(tag.indexOf('"') + 1, -1),
  }))
}

/** Returns the version in an entity tag, without format, digest and content coding. */
export function versionOf(opaque: string): string {
  return opaque.replace(SUFFIXES, '')
}

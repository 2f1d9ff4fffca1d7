import { split } from '../../src/http/field.ts'
import type { Fragment } from '../../src/http/html.ts'
import { JSON_TYPE } from '../../src/http/media-types.ts'
import { tagOfJson } from '../../src/http/preconditions.ts'
import { HTTPS_SECURITY_FIELDS } from '../../src/http/security-fields.ts'
import { type IsReadable, writeLink } from './link.ts'

/** Names whose case is not that of their words. */
const SPELLINGS: Record<string, string> = { etag: 'ETag', 'www-authenticate': 'WWW-Authenticate' }

/** The name of a field as RFCs write it. */
export function spell(name: string): string {
  return SPELLINGS[name] ?? name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase())
}

/** Writes the value of a field, with links where it is a Location or a list of links (RFC 8288 §3). */
export function writeFieldValue(name: string, value: string, isReadable: IsReadable): Fragment {
  if (name === 'location') return writeLink(value, value, isReadable)
  if (name !== 'link') return value
  return split(value, ',').map((member, index): Fragment => {
    const [, target = '', parameters] = /^<([^>]*)(>.*)$/s.exec(member) ?? []
    const link = ['<', writeLink(target, target, isReadable), parameters]
    return [index > 0 && ', ', parameters ? link : member]
  })
}

/** What is in every reply, or of the connection, and says nothing of this resource. */
const HIDDEN = [
  ...Object.keys(HTTPS_SECURITY_FIELDS),
  'connection',
  'content-length',
  'debug-trace',
  'set-cookie',
]

/**
 * What differs from one reply to the next: shown where the service failed, for whoever reads its log. A
 * Last-Modified is there only from the next second on.
 */
const PASSING = ['last-modified', 'ratelimit', 'ratelimit-policy', 'x-request-id']

/**
 * Chooses the fields that a page shows, and gives them as they are in the JSON that it shows.
 *
 * @param headers of the page, by name in lower case.
 */
export function fieldsShown(
  status: number,
  headers: Record<string, number | string | string[] | undefined>,
): [string, string][] {
  const hidden = status < 500 ? [...HIDDEN, ...PASSING] : HIDDEN
  const { etag, ...others } = headers
  const fields = {
    ...others,
    'content-type': JSON_TYPE,
    ...(etag !== undefined && { etag: tagOfJson(String(etag)) }),
  }
  return Object.entries(fields)
    .filter(([name]) => !hidden.includes(name) && !name.startsWith('access-control-'))
    .map(([name, value]): [string, string] => [name, [value].flat().join(', ')])
    .sort()
}

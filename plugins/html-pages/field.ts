import { tagOfJson } from '../../src/http/entity-tag.ts'
import { split } from '../../src/http/field.ts'
import type { Fragment } from '../../src/http/html.ts'
import { JSON_TYPE } from '../../src/http/media-types.ts'
import { HTTPS_SECURITY_FIELDS } from '../../src/http/security-fields.ts'
import { type IsReadable, renderLink } from './link.ts'

/** Names whose words have more than one capital letter. */
const SPECIAL_NAMES: Record<string, string> = {
  etag: 'ETag',
  ratelimit: 'RateLimit',
  'ratelimit-policy': 'RateLimit-Policy',
  'www-authenticate': 'WWW-Authenticate',
}

/** Returns the name of a header field as RFCs write it. */
export function canonicalName(name: string): string {
  return SPECIAL_NAMES[name] ?? name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase())
}

/** Renders the value of a header field; URLs in Location and Link (RFC 8288 §3) become links. */
export function renderFieldValue(name: string, value: string, isReadable: IsReadable): Fragment {
  if (name === 'location') return renderLink(value, value, isReadable)
  if (name !== 'link') return value
  return split(value, ',').map((member, index): Fragment => {
    const [, target = '', parameters] = /^<([^>]*)(>.*)$/s.exec(member) ?? []
    const link = ['<', renderLink(target, target, isReadable), parameters]
    return [index > 0 && ', ', parameters ? link : member]
  })
}

/** Header fields that are not shown, since every response or connection has them. */
const HIDDEN_FIELDS = [
  ...Object.keys(HTTPS_SECURITY_FIELDS),
  'connection',
  'content-length',
  'debug-trace',
  'set-cookie',
]

/**
 * Header fields that differ between responses to equal requests. Pages leave them out, so that equal responses have
 * equal pages. The page of a 5xx shows them, because the request id helps to find the request in the log. Last-Modified
 * is in the list because a response lacks it during the second in which the resource was modified.
 */
const VOLATILE_FIELDS = ['last-modified', 'ratelimit', 'ratelimit-policy', 'x-request-id']

/**
 * Returns the header fields that a page shows, with the values of the JSON response.
 *
 * @param headers header fields of the page, by name in lower case
 */
export function visibleFields(
  status: number,
  headers: Record<string, number | string | string[] | undefined>,
): [string, string][] {
  const hidden = status < 500 ? [...HIDDEN_FIELDS, ...VOLATILE_FIELDS] : HIDDEN_FIELDS
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

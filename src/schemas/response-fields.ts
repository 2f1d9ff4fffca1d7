import {
  ENTITY_TAG,
  EXAMPLE_DATE,
  EXAMPLE_ID,
  EXAMPLE_TAG,
  header,
  REQUEST_ID,
  REQUIRED,
} from './header.ts'

const DATE = '^\\w{3}, \\d{2} \\w{3} \\d{4} \\d{2}:\\d{2}:\\d{2} GMT$'

/** Header fields of responses, by name. Those with `REQUIRED` are in every response that declares them. */
export const RESPONSE_FIELDS = {
  Accept: header('Supported media types of the body (RFC 9110 §12.5.1)', 'application/json'),
  'Accept-Encoding': header('Supported content codings of the body (RFC 9110 §12.5.3)', 'identity'),
  'Accept-Patch': header(
    'Supported media types of a patch (RFC 5789 §3.1)',
    'application/merge-patch+json, application/json-patch+json',
  ),
  'Accept-Ranges': header('Unit of range requests (RFC 9110 §14.3)', 'bytes', {
    ...REQUIRED,
    pattern: '^bytes$',
  }),
  Allow: header('Methods of the resource (RFC 9110 §10.2.1)', 'GET, HEAD, OPTIONS'),
  'Cache-Control': header(
    'Caching rules (RFC 9111 §5.2.2): `no-cache` by default, also `private` if the response depends on the ' +
      'credentials, and `no-store` for errors',
    'no-cache',
  ),
  'Content-Disposition': header(
    'Whether to save the content as a file, and the file name (RFC 6266)',
    'attachment; filename="a.txt"',
  ),
  'Content-Location': header(
    'Path of the resource whose whole representation is in the response (RFC 9110 §8.7)',
    '/items/1',
    { pattern: '^/[!-~]*$' },
  ),
  'Content-Range': header(
    'Range of bytes in the content, and the total number of bytes (RFC 9110 §14.4)',
    'bytes 0-9/12',
    { ...REQUIRED, pattern: '^bytes (?:\\d+-\\d+|\\*)/\\d+$' },
  ),
  Deprecation: header(
    'Time from which the operation, or a member of the request, is deprecated (RFC 9745)',
    '@1796083200',
    { pattern: '^@-?\\d+$' },
  ),
  ETag: header('Entity tag of the representation (RFC 9110 §8.8.3)', EXAMPLE_TAG, {
    ...REQUIRED,
    pattern: `^${ENTITY_TAG}$`,
  }),
  'Last-Modified': header(
    'Time of the last change; absent during the second of the change (RFC 9110 §8.8.2)',
    EXAMPLE_DATE,
    { pattern: DATE },
  ),
  Link: header('Links to related resources (RFC 8288 §3)', '</>; rel="first"', REQUIRED),
  Location: header('Path of the created resource (RFC 9110 §10.2.2)', '/items/1', {
    ...REQUIRED,
    pattern: '^/[!-~]+$',
  }),
  'Preference-Applied': header(
    'Preference in Prefer that the response follows (RFC 7240 §3)',
    'return=minimal',
    { pattern: '^(?:return=(?:minimal|representation)|count=(?:exact|estimated))$' },
  ),
  RateLimit: header(
    'Requests left, and seconds until the quota is full again',
    '"requests";r=599;t=60',
    { pattern: '^"[a-z]+";r=\\d+;t=\\d+$' },
  ),
  'RateLimit-Policy': header(
    'Quota, requests per window, and length of the window in seconds. The quota is `requests`, and for some ' +
      'routes `probes` or `assets`',
    '"requests";q=600;w=60',
    { pattern: '^"[a-z]+";q=\\d+;w=\\d+$' },
  ),
  'Retry-After': header('Seconds to wait before the next attempt (RFC 9110 §10.2.3)', '1', {
    pattern: '^\\d+$',
  }),
  Sunset: header(
    'Time from which the operation, or a member of the request, may be gone (RFC 8594)',
    EXAMPLE_DATE,
    { pattern: DATE },
  ),
  Vary: header('Request header fields that affect the response (RFC 9110 §12.5.5)', 'Accept', {
    ...REQUIRED,
    pattern: '\\bAccept\\b',
  }),
  'WWW-Authenticate': header(
    'One challenge for each authentication scheme (RFC 9110 §11.6.1)',
    'Basic realm="Example", charset="UTF-8"',
    REQUIRED,
  ),
  'X-Total-Count': header(
    'Number of items on all pages, if Prefer requests it. Without Preference-Applied, there are more items',
    '42',
    { pattern: '^\\d+$' },
  ),
  'X-Request-Id': header('Id of the request in the log', EXAMPLE_ID, {
    ...REQUIRED,
    pattern: REQUEST_ID,
  }),
}
/** Response header fields that routes can declare. */
export type ResponseField = keyof typeof RESPONSE_FIELDS

/** Header fields that any response can have. */
export const COMMON_FIELDS = [
  'X-Request-Id',
  'Vary',
  'Cache-Control',
  'RateLimit-Policy',
  'RateLimit',
] as const

/** Header fields of successes and redirects, by status. */
export const FIELDS_BY_STATUS: Record<number, readonly ResponseField[]> = {
  201: ['Location'],
  206: ['Content-Range'],
}

/** References to the descriptions of header fields, by name. */
export function referToHeaders(names: readonly string[]) {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))
}

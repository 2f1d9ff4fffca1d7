import { request, type WireCase } from '../case.ts'
import { AS_JSON, AUTHORIZED } from '../fields.ts'

/** Reads a resource, and expects its caching policy. */
function policy(
  sent: string,
  target: string,
  fields: Record<string, string>,
  status: number,
  expected: string,
  section = 'RFC 9111 §5.2.2.4',
): WireCase {
  return {
    section,
    sent,
    bytes: request(`GET ${target}`, fields),
    statuses: [status],
    headers: { 'cache-control': expected },
  }
}

const COUNTED = { 'preference-applied': 'count=exact', 'x-total-count': '0' }

export const CACHING: WireCase[] = [
  policy('GET of a resource with an ETag', '/notes/123', {}, 200, 'no-cache'),
  policy('GET of a resource without an ETag', '/greeting', {}, 200, 'no-cache'),
  policy('GET of a list', '/notes', AS_JSON, 200, 'no-cache'),
  policy(
    'GET with credentials',
    '/greeting',
    AUTHORIZED,
    200,
    'private, no-cache',
    'RFC 9111 §5.2.2.7',
  ),
  policy('GET of a secret', '/vault', AUTHORIZED, 200, 'no-store', 'RFC 9111 §5.2.2.5'),
  policy('GET of a missing resource', '/notes/404', {}, 404, 'no-store', 'RFC 9111 §5.2.2.5'),
  policy('GET without credentials', '/vault', {}, 401, 'no-store', 'RFC 9111 §5.2.2.5'),
  {
    section: 'RFC 9111 §5.2.2.5',
    sent: 'bytes that are no request',
    bytes: 'G(ET /\r\n\r\n',
    statuses: [400],
    isClosed: true,
    headers: { 'cache-control': 'no-store' },
  },
  {
    section: 'RFC 9111 §4.3.4',
    sent: 'GET of a list, with its ETag in If-None-Match',
    before: [request('GET /notes?author=nobody', AS_JSON)],
    bytes: request('GET /notes?author=nobody', { ...AS_JSON, 'If-None-Match': '{etag}' }),
    statuses: [304],
    headers: { 'cache-control': 'no-cache', etag: /^"[^"]+-json"$/, link: /rel="first"/ },
    body: '',
  },
  {
    section: 'RFC 9110 §8.8.3',
    sent: 'GET of a list as JSON, with the ETag of its XML in If-None-Match',
    before: [request('GET /notes?author=nobody', { Accept: 'application/xml' })],
    bytes: request('GET /notes?author=nobody', { ...AS_JSON, 'If-None-Match': '{etag}' }),
    statuses: [200],
    headers: { etag: /^"[^"]+-json"$/ },
  },
  {
    section: 'RFC 7240 §3',
    sent: 'GET of a list with `count=exact`',
    bytes: request('GET /notes?author=nobody', { ...AS_JSON, Prefer: 'count=exact' }),
    statuses: [200],
    headers: { ...COUNTED, vary: /\bPrefer\b/ },
  },
  {
    section: 'RFC 9110 §15.4.5',
    sent: 'GET of a list with `count=exact`, with its ETag in If-None-Match',
    before: [request('GET /notes?author=nobody', AS_JSON)],
    bytes: request('GET /notes?author=nobody', {
      ...AS_JSON,
      Prefer: 'count=exact',
      'If-None-Match': '{etag}',
    }),
    statuses: [304],
    headers: { ...COUNTED, vary: /\bPrefer\b/ },
    body: '',
  },
  {
    section: 'RFC 7240 §2',
    sent: 'GET of a list with an unknown value of `count`',
    bytes: request('GET /notes?author=nobody', { ...AS_JSON, Prefer: 'count=all' }),
    statuses: [200],
    headers: { 'preference-applied': null, 'x-total-count': null, vary: /\bPrefer\b/ },
  },
]

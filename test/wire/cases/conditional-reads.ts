import { request, type WireCase } from '../case.ts'
import { AS_JSON, LONG_AGO } from '../fields.ts'

const FAR_AHEAD = 'Tue, 19 Jan 2038 03:14:07 GMT'

/** Reads a note that no case changes, with the given preconditions. */
function read(
  section: string,
  sent: string,
  fields: Record<string, string>,
  status: number,
  target = '/notes/123',
): WireCase {
  const before = [request(`GET ${target}`, AS_JSON)]
  const bytes = request(`GET ${target}`, { ...AS_JSON, ...fields })
  const isRefused = status === 412
  return {
    section,
    sent,
    before,
    bytes,
    statuses: [status],
    headers: isRefused ? { etag: null } : { etag: /^"[^"]+"$/ },
    body: { 200: /123/, 304: '', 412: /"status":412/ }[status] ?? /./,
  }
}

export const CONDITIONAL_READS: WireCase[] = [
  read(
    'RFC 9110 §13.1.2',
    'If-None-Match with the current ETag',
    { 'If-None-Match': '{etag}' },
    304,
  ),
  read('RFC 9110 §13.1.2', 'If-None-Match with a wrong ETag', { 'If-None-Match': '"x"' }, 200),
  read(
    'RFC 9110 §13.1.2',
    'If-None-Match with a list that contains the current ETag',
    { 'If-None-Match': '"x", {etag}, "y,z"' },
    304,
  ),
  read('RFC 9110 §5.6.1', 'an empty If-None-Match', { 'If-None-Match': '' }, 200),
  read('RFC 9110 §5.6.1', 'an empty If-Match', { 'If-Match': '' }, 200),
  read(
    'RFC 9110 §5.6.1',
    'If-None-Match with the current ETag among empty members',
    { 'If-None-Match': ',,{etag} ,' },
    304,
  ),
  read('RFC 9110 §13.1.2', 'If-None-Match: `*`', { 'If-None-Match': '*' }, 304),
  read(
    'RFC 9110 §8.8.3.2',
    'If-None-Match with the current ETag, marked as weak',
    { 'If-None-Match': 'W/{etag}' },
    304,
  ),
  read(
    'RFC 9110 §8.8.3',
    'If-None-Match with the ETag of another representation',
    { 'If-None-Match': '{etag}', Accept: 'application/xml' },
    200,
  ),
  read('RFC 9110 §13.1.1', 'If-Match with the current ETag', { 'If-Match': '{etag}' }, 200),
  read('RFC 9110 §13.1.1', 'If-Match: `*`', { 'If-Match': '*' }, 200),
  read('RFC 9110 §13.1.1', 'If-Match with a wrong ETag', { 'If-Match': '"x"' }, 412),
  read(
    'RFC 9110 §8.8.3.2',
    'If-Match with the current ETag, marked as weak',
    { 'If-Match': 'W/{etag}' },
    412,
  ),
  read(
    'RFC 9110 §13.1.3',
    'If-Modified-Since with Last-Modified',
    { 'If-Modified-Since': '{last-modified}' },
    304,
  ),
  read(
    'RFC 9110 §13.1.3',
    'If-Modified-Since with an earlier date',
    { 'If-Modified-Since': LONG_AGO },
    200,
  ),
  read(
    'RFC 9110 §13.1.3',
    'If-Modified-Since with a later date',
    { 'If-Modified-Since': FAR_AHEAD },
    304,
  ),
  read(
    'RFC 9110 §13.1.3',
    'If-Modified-Since with a value that is not a date',
    { 'If-Modified-Since': 'yesterday' },
    200,
  ),
  read(
    'RFC 9110 §5.6.7',
    'If-Modified-Since in the format of RFC 850',
    { 'If-Modified-Since': 'Sunday, 06-Nov-94 08:49:37 GMT' },
    200,
  ),
  read(
    'RFC 9110 §5.6.7',
    'If-Modified-Since in the format of asctime',
    { 'If-Modified-Since': 'Tue Jan 19 03:14:07 2038' },
    304,
  ),
  read(
    'RFC 9110 §13.1.4',
    'If-Unmodified-Since with Last-Modified',
    { 'If-Unmodified-Since': '{last-modified}' },
    200,
  ),
  read(
    'RFC 9110 §13.1.4',
    'If-Unmodified-Since with an earlier date',
    { 'If-Unmodified-Since': LONG_AGO },
    412,
  ),
  read(
    'RFC 9110 §13.1.4',
    'If-Unmodified-Since with a value that is not a date',
    { 'If-Unmodified-Since': 'yesterday' },
    200,
  ),
  read(
    'RFC 9110 §13.2.2',
    'If-Match true, If-Unmodified-Since false',
    { 'If-Match': '{etag}', 'If-Unmodified-Since': LONG_AGO },
    200,
  ),
  read(
    'RFC 9110 §13.2.2',
    'If-Match false, If-None-Match false',
    { 'If-Match': '"x"', 'If-None-Match': '{etag}' },
    412,
  ),
  read(
    'RFC 9110 §13.2.2',
    'If-None-Match true, If-Modified-Since false',
    { 'If-None-Match': '"x"', 'If-Modified-Since': FAR_AHEAD },
    200,
  ),
  read(
    'RFC 9110 §13.2.2',
    'If-Unmodified-Since false, If-None-Match false',
    { 'If-Unmodified-Since': LONG_AGO, 'If-None-Match': '{etag}' },
    412,
  ),
  {
    section: 'RFC 9110 §13.2.1',
    sent: 'If-Match for a missing resource',
    bytes: request('GET /notes/404', { 'If-Match': '*' }),
    statuses: [404],
  },
  {
    section: 'RFC 9110 §13.2.1',
    sent: 'If-None-Match for a protected resource, without credentials',
    bytes: request('GET /vault', { 'If-None-Match': '*' }),
    statuses: [401],
  },
  {
    section: 'RFC 9110 §13.1.2',
    sent: 'If-None-Match: `*` for a resource without ETag',
    bytes: request('GET /greeting', { 'If-None-Match': '*' }),
    statuses: [304],
    headers: { 'cache-control': 'no-cache', etag: null },
    body: '',
  },
  {
    section: 'RFC 9110 §13.1.2',
    sent: 'If-None-Match with an ETag for a resource without ETag',
    bytes: request('GET /greeting', { 'If-None-Match': '"x"' }),
    statuses: [200],
    body: 'Hello World',
  },
  {
    section: 'RFC 9110 §13.1.1',
    sent: 'If-Match with an ETag for a resource without ETag',
    bytes: request('GET /greeting', { 'If-Match': '"x"' }),
    statuses: [412],
  },
  {
    section: 'RFC 9110 §15.4.5',
    sent: 'If-None-Match with the current ETag of the JSON representation',
    before: [request('GET /notes/123', AS_JSON)],
    bytes: request('GET /notes/123', { ...AS_JSON, 'If-None-Match': '{etag}' }),
    statuses: [304],
    headers: {
      etag: /^"[^"]+-json"$/,
      'last-modified': / GMT$/,
      vary: /\bAccept\b/,
      'content-type': null,
      'content-length': null,
      'transfer-encoding': null,
    },
  },
  {
    section: 'RFC 9110 §8.8.2',
    sent: 'GET of a resource with Last-Modified',
    bytes: request('GET /notes/123', AS_JSON),
    statuses: [200],
    headers: {
      'last-modified':
        /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/,
    },
  },
]

import { request, type WireCase } from '../case.ts'

const CODINGS = 'RFC 9110 §12.5.3'
const AUTHORIZED = { Authorization: 'Bearer secret-token' }
const ARTICLE = `{"title":"Long","body":"${'words and more words, '.repeat(100)}","author":"luis"}`
const JSON_TYPE = { 'Content-Type': 'application/json' }

/** An article that is long enough to gain. */
const LONG = '/articles/7000'
const BEFORE = [
  request(`PUT ${LONG}`, { ...AUTHORIZED, ...JSON_TYPE, 'If-Match': '*' }, ARTICLE),
  request(`PUT ${LONG}`, { ...AUTHORIZED, ...JSON_TYPE, 'If-None-Match': '*' }, ARTICLE),
]

/** A read of a long article by a client that takes these codings, and the one that it gets. */
function coded(sent: string, field: string, coding: string | null, section = CODINGS): WireCase {
  return {
    section,
    sent,
    before: BEFORE,
    octets: request(`GET ${LONG}`, { Accept: 'application/json', 'Accept-Encoding': field }),
    statuses: [200],
    headers: {
      'content-encoding': coding,
      'content-type': 'application/json; charset=utf-8',
      etag: coding ? new RegExp(`^"[^"]+-json-${coding}"$`) : /^"[^"]+-json"$/,
      vary: /\bAccept-Encoding\b/,
    },
    body: /^\{.*words/,
  }
}

const AS_GZIP = { Accept: 'application/json', 'Accept-Encoding': 'gzip' }
const READ = [...BEFORE, request(`GET ${LONG}`, AS_GZIP)]

export const COMPRESSION: WireCase[] = [
  coded('Accept-Encoding: gzip', 'gzip', 'gzip'),
  coded('Accept-Encoding: br', 'br', 'br'),
  coded('Accept-Encoding: zstd', 'zstd', 'zstd', 'RFC 8878 §7.2'),
  coded('a coding in upper case', 'GZIP', 'gzip', 'RFC 9110 §8.4.1'),
  coded('x-gzip, which is gzip', 'x-gzip', 'gzip', 'RFC 9110 §8.4.1.3'),
  coded('a coding that is not known', 'compress', null),
  coded('a coding that is not known beside one that is', 'compress, gzip', 'gzip'),
  coded('a coding that is refused (`q=0`)', 'gzip;q=0', null),
  coded('a coding that is refused with decimals', 'gzip;q=0.000', null),
  coded('any coding but one', '*, gzip;q=0, zstd;q=0', 'br'),
  coded('none at all (`*;q=0`)', '*;q=0', null),
  coded('identity alone', 'identity', null),
  coded('identity refused, with nothing that there is', 'identity;q=0, compress', null),
  coded('the coding of most weight', 'gzip;q=0.5, br;q=0.8, zstd;q=0.2', 'br'),
  coded('identity of more weight than a coding', 'gzip;q=0.5, identity', null),
  coded('an empty Accept-Encoding', '', null),
  coded('a weight that is malformed', 'gzip;q=2', null, 'RFC 9110 §12.4.2'),
  {
    section: CODINGS,
    sent: 'no Accept-Encoding',
    before: BEFORE,
    octets: request(`GET ${LONG}`, { Accept: 'application/json' }),
    statuses: [200],
    headers: { 'content-encoding': null, vary: /\bAccept-Encoding\b/ },
    body: /^\{.*words/,
  },
  {
    section: CODINGS,
    sent: 'gzip for what is too short to gain',
    octets: request('GET /hello', { 'Accept-Encoding': 'gzip' }),
    statuses: [200],
    headers: { 'content-encoding': null, vary: /\bAccept-Encoding\b/ },
    body: 'Hello John Doe',
  },
  {
    section: 'RFC 9110 §9.3.2',
    sent: 'HEAD behind GET, compressed',
    before: BEFORE,
    octets: request(`GET ${LONG}`, AS_GZIP) + request(`HEAD ${LONG}`, AS_GZIP),
    statuses: [200, 200],
    headers: { 'content-encoding': 'gzip', 'content-length': /^\d+$/ },
    sameFields: true,
  },
  {
    section: 'RFC 9110 §8.8.3.3',
    sent: 'If-None-Match with the tag of what was compressed',
    before: READ,
    octets: request(`GET ${LONG}`, { ...AS_GZIP, 'If-None-Match': '{etag}' }),
    statuses: [304],
    headers: { etag: /-json-gzip"$/, 'content-encoding': null, vary: /\bAccept-Encoding\b/ },
  },
  {
    section: 'RFC 9110 §8.8.3.3',
    sent: 'If-None-Match with the tag of another coding',
    before: READ,
    octets: request(`GET ${LONG}`, {
      ...AS_GZIP,
      'Accept-Encoding': 'br',
      'If-None-Match': '{etag}',
    }),
    statuses: [200],
    headers: { 'content-encoding': 'br' },
  },
  {
    section: 'RFC 9110 §8.8.3.3',
    sent: 'If-None-Match with the tag of a coding, for what is not coded',
    before: READ,
    octets: request(`GET ${LONG}`, { Accept: 'application/json', 'If-None-Match': '{etag}' }),
    statuses: [200],
    headers: { 'content-encoding': null, etag: /-json"$/ },
  },
  {
    section: 'RFC 9110 §13.1.1',
    sent: 'PUT with the tag of what was read compressed',
    before: [
      request('PUT /articles/7001', { ...AUTHORIZED, ...JSON_TYPE }, ARTICLE),
      request('GET /articles/7001', AS_GZIP),
    ],
    octets: request(
      'PUT /articles/7001',
      { ...AUTHORIZED, ...JSON_TYPE, 'If-Match': '{etag}' },
      ARTICLE,
    ),
    statuses: [200],
    headers: { etag: /^"/ },
  },
  {
    section: 'RFC 9110 §14.2',
    sent: 'gzip for what is read in parts',
    before: [request('POST /messages', { 'Content-Type': 'text/plain' }, 'text '.repeat(500))],
    octets: request('GET {location}', { 'Accept-Encoding': 'gzip', Range: 'bytes=0-3' }),
    statuses: [206],
    headers: { 'content-encoding': null, 'content-range': 'bytes 0-3/2500' },
    body: 'text',
  },
]

import { request, type WireCase } from '../case.ts'
import { AUTHORIZED, JSON_TYPE, TEXT } from '../fields.ts'

const CODINGS = 'RFC 9110 §12.5.3'
const NOTE = `{"title":"Long","body":"${'words and more words, '.repeat(100)}","author":"luis"}`

/** A note that is long enough to be compressed. */
const LONG = '/notes/7000'
const BEFORE = [
  request(`PUT ${LONG}`, { ...AUTHORIZED, ...JSON_TYPE, 'If-Match': '*' }, NOTE),
  request(`PUT ${LONG}`, { ...AUTHORIZED, ...JSON_TYPE, 'If-None-Match': '*' }, NOTE),
]

/** Reads a long note with the given Accept-Encoding. Expects the given content coding, or none if `coding` is null. */
function coded(sent: string, field: string, coding: string | null, section = CODINGS): WireCase {
  return {
    section,
    sent,
    before: BEFORE,
    bytes: request(`GET ${LONG}`, { Accept: 'application/json', 'Accept-Encoding': field }),
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

export const CONTENT_CODING: WireCase[] = [
  coded('Accept-Encoding: gzip', 'gzip', 'gzip'),
  coded('Accept-Encoding: br', 'br', 'br'),
  coded('Accept-Encoding: zstd', 'zstd', 'zstd', 'RFC 8878 §7.2'),
  coded('a coding in upper case', 'GZIP', 'gzip', 'RFC 9110 §8.4.1'),
  coded('x-gzip, an alias of gzip', 'x-gzip', 'gzip', 'RFC 9110 §8.4.1.3'),
  coded('an unknown coding', 'compress', null),
  coded('an unknown coding and a supported coding', 'compress, gzip', 'gzip'),
  coded('a coding with `q=0`', 'gzip;q=0', null),
  coded('a coding with `q=0.000`', 'gzip;q=0.000', null),
  coded('any coding (`*`)', '*', 'gzip'),
  coded('any coding except gzip', '*, gzip;q=0', null),
  coded('no coding (`*;q=0`)', '*;q=0', null),
  coded('only identity', 'identity', null),
  coded('identity with `q=0`, and an unsupported coding', 'identity;q=0, compress', null),
  coded('three codings, br with the highest weight', 'gzip;q=0.5, br;q=0.8, zstd;q=0.2', 'br'),
  coded('identity with a higher weight than gzip', 'gzip;q=0.5, identity', null),
  coded('an empty Accept-Encoding', '', null),
  coded('a malformed weight', 'gzip;q=2', 'gzip', 'RFC 9110 §12.4.2'),
  {
    section: CODINGS,
    sent: 'no Accept-Encoding',
    before: BEFORE,
    bytes: request(`GET ${LONG}`, { Accept: 'application/json' }),
    statuses: [200],
    headers: { 'content-encoding': null, vary: /\bAccept-Encoding\b/ },
    body: /^\{.*words/,
  },
  {
    section: CODINGS,
    sent: 'gzip for a body too short to compress',
    bytes: request('GET /greeting', { 'Accept-Encoding': 'gzip' }),
    statuses: [200],
    headers: { 'content-encoding': null, vary: /\bAccept-Encoding\b/ },
    body: 'Hello World',
  },
  {
    section: 'RFC 9110 §9.3.2',
    sent: 'GET, then HEAD, of a compressed body',
    before: BEFORE,
    bytes: request(`GET ${LONG}`, AS_GZIP) + request(`HEAD ${LONG}`, AS_GZIP),
    statuses: [200, 200],
    headers: { 'content-encoding': 'gzip', 'content-length': /^\d+$/ },
    sameFields: true,
  },
  {
    section: 'RFC 9110 §8.8.3.3',
    sent: 'If-None-Match with the ETag of the requested coding',
    before: READ,
    bytes: request(`GET ${LONG}`, { ...AS_GZIP, 'If-None-Match': '{etag}' }),
    statuses: [304],
    headers: { etag: /-json-gzip"$/, 'content-encoding': null, vary: /\bAccept-Encoding\b/ },
  },
  {
    section: 'RFC 9110 §8.8.3.3',
    sent: 'If-None-Match with the ETag of another coding',
    before: READ,
    bytes: request(`GET ${LONG}`, {
      ...AS_GZIP,
      'Accept-Encoding': 'br',
      'If-None-Match': '{etag}',
    }),
    statuses: [200],
    headers: { 'content-encoding': 'br' },
  },
  {
    section: 'RFC 9110 §8.8.3.3',
    sent: 'If-None-Match with the ETag of the gzip body, for the uncompressed body',
    before: READ,
    bytes: request(`GET ${LONG}`, { Accept: 'application/json', 'If-None-Match': '{etag}' }),
    statuses: [200],
    headers: { 'content-encoding': null, etag: /-json"$/ },
  },
  {
    section: 'RFC 9110 §13.1.1',
    sent: 'PUT with the ETag of a compressed body',
    before: [
      request('PUT /notes/7001', { ...AUTHORIZED, ...JSON_TYPE }, NOTE),
      request('GET /notes/7001', AS_GZIP),
    ],
    bytes: request('PUT /notes/7001', { ...AUTHORIZED, ...JSON_TYPE, 'If-Match': '{etag}' }, NOTE),
    statuses: [200],
    headers: { etag: /^"/ },
  },
  {
    section: 'RFC 9110 §14.2',
    sent: 'gzip and Range',
    before: [request('POST /files', TEXT, 'text '.repeat(500))],
    bytes: request('GET {location}', { 'Accept-Encoding': 'gzip', Range: 'bytes=0-3' }),
    statuses: [206],
    headers: { 'content-encoding': null, 'content-range': 'bytes 0-3/2500' },
    body: 'text',
  },
]

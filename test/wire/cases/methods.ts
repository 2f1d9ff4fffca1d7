import { request, type WireCase } from '../case.ts'
import { PATCH_TYPES } from '../fields.ts'

/** Sends GET and HEAD for a target, and expects equal header fields. */
function getAndHead(target: string, fields: Record<string, string> = {}): WireCase {
  const { Accept: accept = '' } = fields
  return {
    section: 'RFC 9110 §9.3.2',
    sent: `GET, then HEAD ${target}${accept && ` as ${accept}`}`,
    bytes: request(`GET ${target}`, fields) + request(`HEAD ${target}`, fields),
    statuses: [200, 200],
    sameFields: true,
  }
}

/** Expects 501 for a method that no resource supports. */
function unknownMethod(method: string): WireCase {
  return {
    section: 'RFC 9110 §9.1',
    sent: `the unknown method ${method}`,
    bytes: request(`${method} /greeting`),
    statuses: [501],
    isClosed: true,
    body: { status: 501, message: `Not Implemented: no resource supports ${method}` },
  }
}

/** The error document of a 400. */
function malformed(reason: string) {
  return { status: 400, message: `Bad Request: ${reason}` }
}

const ECHOED = 'secret-in-a-field'

export const METHODS: WireCase[] = [
  getAndHead('/'),
  getAndHead('/greeting?name=Luis'),
  getAndHead('/greeting', { Accept: 'application/json' }),
  getAndHead('/greeting', { Accept: 'application/xml' }),
  getAndHead('/notes'),
  getAndHead('/notes', { Accept: 'application/json' }),
  getAndHead('/notes/123'),
  getAndHead('/mirror'),
  getAndHead('/greeting/Luis'),
  getAndHead('/vault', { Authorization: 'Bearer secret-token' }),
  {
    section: 'RFC 9110 §9.3.2',
    sent: 'GET, then HEAD of a missing resource',
    bytes: request('GET /notes/404') + request('HEAD /notes/404'),
    statuses: [404, 404],
    sameFields: true,
  },
  {
    section: 'RFC 9110 §9.3.2',
    sent: 'GET, then HEAD, without credentials',
    bytes: request('GET /vault') + request('HEAD /vault'),
    statuses: [401, 401],
    sameFields: true,
  },
  {
    section: 'RFC 9110 §9.3.2',
    sent: 'GET, then HEAD, with the current ETag in If-None-Match',
    before: [request('GET /notes/123')],
    bytes:
      request('GET /notes/123', { 'If-None-Match': '{etag}' }) +
      request('HEAD /notes/123', { 'If-None-Match': '{etag}' }),
    statuses: [304, 304],
    headers: { 'content-length': null, 'content-type': null, etag: /^"/ },
    sameFields: true,
  },
  {
    section: 'RFC 9110 §9.3.7',
    sent: 'OPTIONS of a resource',
    bytes: request('OPTIONS /greeting'),
    statuses: [204],
    headers: { allow: 'GET, HEAD, OPTIONS', 'content-type': null, 'content-length': null },
  },
  {
    section: 'RFC 5789 §3.1',
    sent: 'OPTIONS of a resource with PATCH',
    bytes: request('OPTIONS /notes/123'),
    statuses: [204],
    headers: {
      allow: 'DELETE, GET, HEAD, OPTIONS, PATCH, PUT',
      'accept-patch': PATCH_TYPES,
    },
  },
  {
    section: 'RFC 9110 §9.3.7',
    sent: 'OPTIONS of a protected resource, without credentials',
    bytes: request('OPTIONS /vault'),
    statuses: [204],
    headers: { allow: 'GET, HEAD, OPTIONS', 'www-authenticate': null },
  },
  {
    section: 'RFC 9110 §9.3.7',
    sent: 'OPTIONS of a missing resource',
    bytes: request('OPTIONS /nowhere'),
    statuses: [404],
  },
  {
    section: 'RFC 9110 §9.3.7',
    sent: 'OPTIONS of the service as a whole (`*`)',
    bytes: request('OPTIONS *'),
    statuses: [204],
    headers: { allow: 'DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT' },
  },
  {
    section: 'RFC 9112 §3.2.4',
    sent: 'the target `*` with GET',
    bytes: request('GET *'),
    statuses: [400],
    body: malformed('the target must be a path or an HTTP URL'),
  },
  {
    section: 'RFC 9110 §15.5.6',
    sent: 'a method that the resource does not support',
    bytes: request('DELETE /greeting'),
    statuses: [405],
    headers: { allow: 'GET, HEAD, OPTIONS' },
  },
  {
    section: 'RFC 9110 §15.5.6',
    sent: 'a method that the resource does not support, with a body',
    bytes:
      request('PUT /greeting', { 'Content-Type': 'application/json' }, '{}') + request('GET /'),
    statuses: [405, 200],
    body: 'Welcome',
  },
  {
    section: 'RFC 9110 §9.3.8',
    sent: 'TRACE',
    bytes: request('TRACE /mirror', { Cookie: ECHOED }),
    statuses: [501],
    body: { status: 501, message: 'Not Implemented: no resource supports TRACE' },
  },
  {
    section: 'RFC 9110 §9.3.6',
    sent: 'CONNECT',
    bytes: request('CONNECT example.com:443', { Cookie: ECHOED }),
    statuses: [501],
    isClosed: true,
    body: { status: 501, message: 'Not Implemented: no resource supports CONNECT' },
  },
  {
    section: 'RFC 9110 §9.1',
    sent: 'a registered method that no resource supports (PROPFIND)',
    bytes: request('PROPFIND /greeting'),
    statuses: [501],
  },
  unknownMethod('FOO'),
  unknownMethod('get'),
  unknownMethod('GETX'),
  unknownMethod("M-SEARCH!#$%&'*+.^_`|~"),
  {
    section: 'RFC 9110 §9.1',
    sent: 'a method with a character that tokens cannot have',
    bytes: request('G(ET /greeting'),
    statuses: [400],
    isClosed: true,
    body: malformed('the request is malformed'),
  },
]

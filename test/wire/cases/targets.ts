import { request, type WireCase } from '../case.ts'

/** The longest target that is served, as a greeting. */
const LONGEST = `/hello?name=${'a'.repeat(8_000 - '/hello?name='.length)}`

/** A GET and a HEAD of the same target, answered one behind the other. */
function getAndHead(target: string, fields: Record<string, string> = {}): WireCase {
  const { Accept: accept = '' } = fields
  return {
    section: 'RFC 9110 §9.3.2',
    sent: `HEAD behind GET ${target}${accept && ` as ${accept}`}`,
    octets: request(`GET ${target}`, fields) + request(`HEAD ${target}`, fields),
    statuses: [200, 200],
    sameFields: true,
  }
}

/** A method that the service as a whole does not know, on a path and nowhere. */
function unknownMethod(method: string): WireCase {
  return {
    section: 'RFC 9110 §9.1',
    sent: `the unknown method ${method}`,
    octets: request(`${method} /hello`),
    statuses: [501],
    isClosed: true,
    body: { status: 501, message: `Not Implemented: no resource supports ${method}` },
  }
}

/** The document of a 400. */
function malformed(reason: string) {
  return { status: 400, message: `Bad Request: ${reason}` }
}

const ECHOED = 'secret-in-a-field'

export const TARGETS: WireCase[] = [
  getAndHead('/'),
  getAndHead('/hello?name=Luis'),
  getAndHead('/hello', { Accept: 'application/json' }),
  getAndHead('/hello', { Accept: 'application/xml' }),
  getAndHead('/articles'),
  getAndHead('/articles', { Accept: 'application/json' }),
  getAndHead('/articles/123'),
  getAndHead('/users/2'),
  getAndHead('/users'),
  getAndHead('/messages'),
  getAndHead('/echo'),
  getAndHead('/converters/int/42'),
  getAndHead('/secrets', { Authorization: 'Bearer secret-token' }),
  {
    section: 'RFC 9110 §9.3.2',
    sent: 'HEAD of what is not there, behind a GET of it',
    octets: request('GET /users/4') + request('HEAD /users/4'),
    statuses: [404, 404],
    sameFields: true,
  },
  {
    section: 'RFC 9110 §9.3.2',
    sent: 'HEAD without credentials, behind a GET',
    octets: request('GET /secrets') + request('HEAD /secrets'),
    statuses: [401, 401],
    sameFields: true,
  },
  {
    section: 'RFC 9110 §9.3.2',
    sent: 'HEAD of an article that the client has, behind a GET',
    before: [request('GET /articles/123')],
    octets:
      request('GET /articles/123', { 'If-None-Match': '{etag}' }) +
      request('HEAD /articles/123', { 'If-None-Match': '{etag}' }),
    statuses: [304, 304],
    headers: { 'content-length': null, 'content-type': null, etag: /^"/ },
    sameFields: true,
  },
  {
    section: 'RFC 9110 §9.3.7',
    sent: 'OPTIONS of a resource',
    octets: request('OPTIONS /hello'),
    statuses: [204],
    headers: { allow: 'GET, HEAD, OPTIONS', 'content-type': null, 'content-length': null },
  },
  {
    section: 'RFC 5789 §3.1',
    sent: 'OPTIONS of a resource that takes patches',
    octets: request('OPTIONS /articles/123'),
    statuses: [204],
    headers: {
      allow: 'DELETE, GET, HEAD, OPTIONS, PATCH, PUT',
      'accept-patch': 'application/merge-patch+json, application/json-patch+json',
    },
  },
  {
    section: 'RFC 9110 §9.3.7',
    sent: 'OPTIONS of what is protected, without credentials',
    octets: request('OPTIONS /secrets'),
    statuses: [204],
    headers: { allow: 'GET, HEAD, OPTIONS', 'www-authenticate': null },
  },
  {
    section: 'RFC 9110 §9.3.7',
    sent: 'OPTIONS of what is not there',
    octets: request('OPTIONS /nowhere'),
    statuses: [404],
  },
  {
    section: 'RFC 9110 §9.3.7',
    sent: 'OPTIONS of the service as a whole (`*`)',
    octets: request('OPTIONS *'),
    statuses: [204],
    headers: { allow: 'DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT' },
  },
  {
    section: 'RFC 9112 §3.2.4',
    sent: 'the asterisk with another method than OPTIONS',
    octets: request('GET *'),
    statuses: [400],
    body: malformed('the target must be a path or an HTTP URL'),
  },
  {
    section: 'RFC 9110 §15.5.6',
    sent: 'a method that the resource does not have',
    octets: request('DELETE /hello'),
    statuses: [405],
    headers: { allow: 'GET, HEAD, OPTIONS' },
  },
  {
    section: 'RFC 9110 §15.5.6',
    sent: 'a method that the resource does not have, with a body',
    octets: request('PUT /hello', { 'Content-Type': 'application/json' }, '{}') + request('GET /'),
    statuses: [405, 200],
    body: 'Welcome',
  },
  {
    section: 'RFC 9110 §9.3.8',
    sent: 'TRACE',
    octets: request('TRACE /echo', { Cookie: ECHOED }),
    statuses: [501],
    body: { status: 501, message: 'Not Implemented: no resource supports TRACE' },
  },
  {
    section: 'RFC 9110 §9.3.6',
    sent: 'CONNECT',
    octets: request('CONNECT example.com:443', { Cookie: ECHOED }),
    statuses: [501],
    isClosed: true,
    body: { status: 501, message: 'Not Implemented: no resource supports CONNECT' },
  },
  {
    section: 'RFC 9110 §9.1',
    sent: 'a method that is registered and unknown here (PROPFIND)',
    octets: request('PROPFIND /hello'),
    statuses: [501],
  },
  unknownMethod('FOO'),
  unknownMethod('get'),
  unknownMethod('GETX'),
  unknownMethod("M-SEARCH!#$%&'*+.^_`|~"),
  {
    section: 'RFC 9110 §9.1',
    sent: 'a method with a character that no token has',
    octets: request('G(ET /hello'),
    statuses: [400],
    isClosed: true,
    body: malformed('the request is malformed'),
  },
  {
    section: 'RFC 3986 §2.2',
    sent: 'a slash that is percent-encoded, in one segment',
    octets: request('GET /converters/string/a%2Fb'),
    statuses: [200],
    body: 'You are reading a/b',
  },
  {
    section: 'RFC 3986 §2.2',
    sent: 'a percent-encoded slash where a path has one',
    octets: request('GET /articles%2F123'),
    statuses: [404],
  },
  {
    section: 'RFC 3986 §6.2.2.2',
    sent: 'unreserved characters that are percent-encoded',
    octets: request('GET /%68%65llo'),
    statuses: [200],
    body: 'Hello John Doe',
  },
  {
    section: 'RFC 3986 §2.1',
    sent: 'a percent sign without digits in the path',
    octets: request('GET /users/%zz'),
    statuses: [400],
    body: malformed('the path is not valid percent-encoded UTF-8'),
  },
  {
    section: 'RFC 9112 §3.2',
    sent: 'a percent sign without digits in the path, and two Hosts',
    octets: 'GET /users/%zz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
    statuses: [400],
    isClosed: true,
    body: /there is more than one Host/,
  },
  {
    section: 'RFC 9112 §6.1',
    sent: 'a percent sign without digits in the path, and chunks from HTTP/1.0',
    octets:
      'POST /users/%zz HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n' +
      request('GET /hello'),
    statuses: [400],
    isClosed: true,
  },
  {
    section: 'RFC 3986 §2.1',
    sent: 'a percent sign without digits in the query',
    octets: request('GET /hello?name=%zz'),
    statuses: [400],
    body: malformed('the query is not valid percent-encoded UTF-8'),
  },
  {
    section: 'RFC 3986 §2.5',
    sent: 'octets that are no UTF-8 in the path',
    octets: request('GET /users/%ff'),
    statuses: [400],
    body: malformed('the path is not valid percent-encoded UTF-8'),
  },
  {
    section: 'RFC 3986 §2.5',
    sent: 'octets that are no UTF-8 in the query',
    octets: request('GET /hello?name=%ff'),
    statuses: [400],
    body: malformed('the query is not valid percent-encoded UTF-8'),
  },
  {
    section: 'RFC 3986 §2.5',
    sent: 'an overlong encoding of a slash',
    octets: request('GET /converters/string/%c0%af'),
    statuses: [400],
    body: malformed('the path is not valid percent-encoded UTF-8'),
  },
  {
    section: 'RFC 3986 §6.2.2.3',
    sent: 'dots that would leave the path',
    octets: request('GET /hello/../../etc/passwd'),
    statuses: [404],
  },
  {
    section: 'RFC 3986 §6.2.3',
    sent: 'a slash behind a resource that has none',
    octets: request('GET /hello/'),
    statuses: [404],
  },
  {
    section: 'RFC 3986 §6.2.3',
    sent: 'a path that ends where an id should be',
    octets: request('GET /articles/'),
    statuses: [404],
  },
  {
    section: 'RFC 3986 §3.3',
    sent: 'an empty segment in front',
    octets: request('GET //hello'),
    statuses: [404],
  },
  {
    section: 'RFC 3986 §6.2.2.1',
    sent: 'a path in upper case',
    octets: request('GET /HELLO'),
    statuses: [404],
  },
  {
    section: 'RFC 9110 §4.1',
    sent: 'a target of 8,000 octets',
    octets: request(`GET ${LONGEST}`),
    statuses: [200],
    body: /^Hello a{7988}$/,
  },
  {
    section: 'RFC 9110 §15.5.15',
    sent: 'a target of 8,001 octets',
    octets: request(`GET ${LONGEST}a`),
    statuses: [414],
  },
  {
    section: 'RFC 9110 §15.5.15',
    sent: 'a target of 20,000 octets',
    octets: request(`GET /${'a'.repeat(20_000)}`),
    statuses: [414],
    isClosed: true,
  },
  {
    section: 'RFC 9110 §15.5.15',
    sent: 'a target of 70,000 octets',
    octets: request(`GET /${'a'.repeat(70_000)}`),
    statuses: [414],
    isClosed: true,
  },
  {
    section: 'RFC 6585 §5',
    sent: 'a field of 20,000 octets',
    octets: request('GET /hello', { 'X-Long': 'a'.repeat(20_000) }),
    statuses: [431],
    isClosed: true,
  },
  {
    section: 'RFC 6585 §5',
    sent: 'a field of 70,000 octets',
    octets: request('GET /hello', { 'X-Long': 'a'.repeat(70_000) }),
    statuses: [431],
    isClosed: true,
  },
  {
    section: 'RFC 6585 §5',
    sent: 'a thousand fields of 70,000 octets together',
    octets: `GET /hello HTTP/1.1\r\nHost: h\r\n${`X-Many: ${'a'.repeat(60)}\r\n`.repeat(1_000)}\r\n`,
    statuses: [431],
    isClosed: true,
  },
  {
    section: 'RFC 9112 §3.2.2',
    sent: 'a target in absolute form that agrees with Host',
    octets: request('GET http://localhost/hello?name=Luis'),
    statuses: [200],
    body: 'Hello Luis',
  },
  {
    section: 'RFC 9112 §3.2.2',
    sent: 'a target in absolute form, scheme and host in upper case',
    octets: request('GET HTTP://LOCALHOST/hello'),
    statuses: [200],
    body: 'Hello John Doe',
  },
  {
    section: 'RFC 9112 §3.2.2',
    sent: 'a target in absolute form without a path',
    octets: request('GET http://localhost'),
    statuses: [200],
    body: 'Welcome',
  },
  {
    section: 'RFC 9112 §3.2.2',
    sent: 'a target in absolute form without a path, with a query',
    octets: request('GET http://localhost?a=b'),
    statuses: [200],
    body: 'Welcome',
  },
  {
    section: 'RFC 9112 §3.2.2',
    sent: 'a target in absolute form that disagrees with Host',
    octets: request('GET http://example.com/hello'),
    statuses: [400],
    isClosed: true,
    body: malformed('the target and Host name different hosts'),
  },
  {
    section: 'RFC 9110 §4.2.4',
    sent: 'a target in absolute form with a user',
    octets: request('GET http://admin@localhost/hello'),
    statuses: [400],
    isClosed: true,
    body: malformed('the target has no valid host'),
  },
  {
    section: 'RFC 9110 §4.2.4',
    sent: 'a target in absolute form with a user, from HTTP/1.0',
    octets: 'GET http://admin@localhost/hello HTTP/1.0\r\n\r\n',
    statuses: [400],
    isClosed: true,
    body: malformed('the target has no valid host'),
  },
  {
    section: 'RFC 9110 §7.4',
    sent: 'a target of another scheme',
    octets: request('GET ftp://localhost/hello'),
    statuses: [400],
    body: malformed('the target must be a path or an HTTP URL'),
  },
  {
    section: 'RFC 9112 §3.2.1',
    sent: 'a target without the slash in front',
    octets: request('GET hello'),
    statuses: [400],
    isClosed: true,
    body: malformed('the request is malformed'),
  },
  {
    section: 'RFC 9110 §7.1',
    sent: 'a target with a fragment',
    octets: request('GET /hello#top'),
    statuses: [400],
    body: malformed('the target has a fragment'),
  },
  {
    section: 'RFC 9112 §3',
    sent: 'a space inside the target',
    octets: request('GET /hel lo'),
    statuses: [400],
    isClosed: true,
    body: malformed('the request is malformed'),
  },
]

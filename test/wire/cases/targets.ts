import { request, utf8, type WireCase } from '../case.ts'

/** A target of the maximum length. */
const LONGEST = `/greeting?name=${'a'.repeat(8_000 - '/greeting?name='.length)}`

/** The error document of a 400. */
function malformed(reason: string) {
  return { status: 400, message: `Bad Request: ${reason}` }
}

const NOT_ASCII =
  'the target has characters other than ASCII; percent-encode them, such as é as %C3%A9'

/** Expects an absolute target to name the same host as Host. */
function sameHost(target: string, host: string): WireCase {
  return {
    section: 'RFC 9110 §4.2.3',
    sent: `the target ${target} with Host: ${host}`,
    bytes: request(`GET ${target}`, { Host: host }),
    statuses: [200],
    body: 'Hello World',
  }
}

/** Expects 400 for an absolute target with another host or port than Host. */
function otherHost(target: string, host: string): WireCase {
  return {
    section: 'RFC 9112 §3.2',
    sent: `the target ${target} with Host: ${host}`,
    bytes: request(`GET ${target}`, { Host: host }),
    statuses: [400],
    isClosed: true,
    body: malformed('the target and Host name different hosts'),
  }
}

export const TARGETS: WireCase[] = [
  {
    section: 'RFC 3986 §2.2',
    sent: 'a percent-encoded slash in a segment',
    bytes: request('GET /greeting/a%2Fb'),
    statuses: [200],
    body: 'Hello a/b',
  },
  {
    section: 'RFC 3986 §2.2',
    sent: 'a percent-encoded slash instead of a slash',
    bytes: request('GET /notes%2F123'),
    statuses: [404],
  },
  {
    section: 'RFC 3986 §6.2.2.2',
    sent: 'percent-encoded unreserved characters',
    bytes: request('GET /%67%72eeting'),
    statuses: [200],
    body: 'Hello World',
  },
  {
    section: 'RFC 3986 §2.1',
    sent: 'a percent sign without digits in the path',
    bytes: request('GET /notes/%zz'),
    statuses: [400],
    body: malformed('the path is not valid percent-encoded UTF-8'),
  },
  {
    section: 'RFC 9112 §3.2',
    sent: 'a percent sign without digits in the path, and two Hosts',
    bytes: 'GET /notes/%zz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
    statuses: [400],
    isClosed: true,
    body: /there is more than one Host/,
  },
  {
    section: 'RFC 9112 §6.1',
    sent: 'a percent sign without digits in the path, and a chunked body with HTTP/1.0',
    bytes:
      'POST /notes/%zz HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n' +
      request('GET /greeting'),
    statuses: [400],
    isClosed: true,
  },
  {
    section: 'RFC 3986 §2.1',
    sent: 'a percent sign without digits in the query',
    bytes: request('GET /greeting?name=%zz'),
    statuses: [400],
    body: malformed('the query is not valid percent-encoded UTF-8'),
  },
  {
    section: 'RFC 3986 §2.5',
    sent: 'invalid UTF-8 in the path',
    bytes: request('GET /notes/%ff'),
    statuses: [400],
    body: malformed('the path is not valid percent-encoded UTF-8'),
  },
  {
    section: 'RFC 3986 §2.5',
    sent: 'invalid UTF-8 in the query',
    bytes: request('GET /greeting?name=%ff'),
    statuses: [400],
    body: malformed('the query is not valid percent-encoded UTF-8'),
  },
  {
    section: 'RFC 3986 §2.5',
    sent: 'an overlong encoding of a slash',
    bytes: request('GET /greeting/%c0%af'),
    statuses: [400],
    body: malformed('the path is not valid percent-encoded UTF-8'),
  },
  {
    section: 'RFC 3986 §6.2.2.3',
    sent: 'dot segments that lead above the root',
    bytes: request('GET /greeting/../../etc/passwd'),
    statuses: [404],
  },
  {
    section: 'RFC 3986 §6.2.3',
    sent: 'a trailing slash',
    bytes: request('GET /greeting/'),
    statuses: [404],
  },
  {
    section: 'RFC 3986 §6.2.3',
    sent: 'an empty id',
    bytes: request('GET /notes/'),
    statuses: [404],
  },
  {
    section: 'RFC 3986 §3.3',
    sent: 'an empty first segment',
    bytes: request('GET //greeting'),
    statuses: [404],
  },
  {
    section: 'RFC 3986 §6.2.2.1',
    sent: 'a path in upper case',
    bytes: request('GET /GREETING'),
    statuses: [404],
  },
  {
    section: 'RFC 9110 §4.1',
    sent: 'a target of 8,000 bytes',
    bytes: request(`GET ${LONGEST}`),
    statuses: [200],
    body: /^Hello a{7985}$/,
  },
  {
    section: 'RFC 9110 §4.1',
    sent: 'a path segment of 7,990 bytes',
    bytes: request(`GET /greeting/${'a'.repeat(7_990)}`),
    statuses: [200],
    body: /^Hello a{7990}$/,
  },
  {
    section: 'RFC 9110 §15.5.15',
    sent: 'a path segment of 7,991 bytes, in a target of 8,001 bytes',
    bytes: request(`GET /greeting/${'a'.repeat(7_991)}`),
    statuses: [414],
  },
  {
    section: 'RFC 3986 §2.5',
    sent: 'a query in UTF-8 without percent-encoding',
    bytes: request(`GET /greeting?name=${utf8('José')}`),
    statuses: [400],
    isClosed: true,
    body: malformed(NOT_ASCII),
  },
  {
    section: 'RFC 3986 §2.5',
    sent: 'a path in UTF-8 without percent-encoding',
    bytes: request(`GET /greeting/${utf8('日本')}`),
    statuses: [400],
    isClosed: true,
    body: malformed(NOT_ASCII),
  },
  {
    section: 'RFC 9110 §15.5.15',
    sent: 'a target of 8,001 bytes',
    bytes: request(`GET ${LONGEST}a`),
    statuses: [414],
  },
  {
    section: 'RFC 9110 §15.5.15',
    sent: 'a target of 20,000 bytes',
    bytes: request(`GET /${'a'.repeat(20_000)}`),
    statuses: [414],
    isClosed: true,
  },
  {
    section: 'RFC 9110 §15.5.15',
    sent: 'a target of 70,000 bytes',
    bytes: request(`GET /${'a'.repeat(70_000)}`),
    statuses: [414],
    isClosed: true,
  },
  {
    section: 'RFC 6585 §5',
    sent: 'a header field of 20,000 bytes',
    bytes: request('GET /greeting', { 'X-Long': 'a'.repeat(20_000) }),
    statuses: [431],
    isClosed: true,
  },
  {
    section: 'RFC 6585 §5',
    sent: 'a header field of 70,000 bytes',
    bytes: request('GET /greeting', { 'X-Long': 'a'.repeat(70_000) }),
    statuses: [431],
    isClosed: true,
  },
  {
    section: 'RFC 6585 §5',
    sent: 'a thousand header fields, 70,000 bytes in total',
    bytes: `GET /greeting HTTP/1.1\r\nHost: localhost\r\n${`X-Many: ${'a'.repeat(60)}\r\n`.repeat(1_000)}\r\n`,
    statuses: [431],
    isClosed: true,
  },
  {
    section: 'RFC 9112 §3.2.2',
    sent: 'an absolute target with the same host as Host',
    bytes: request('GET http://localhost/greeting?name=Luis'),
    statuses: [200],
    body: 'Hello Luis',
  },
  {
    section: 'RFC 9112 §3.2.2',
    sent: 'an absolute target with scheme and host in upper case',
    bytes: request('GET HTTP://LOCALHOST/greeting'),
    statuses: [200],
    body: 'Hello World',
  },
  {
    section: 'RFC 9112 §3.2.2',
    sent: 'an absolute target without a path',
    bytes: request('GET http://localhost'),
    statuses: [200],
    body: 'Welcome',
  },
  {
    section: 'RFC 9112 §3.2.2',
    sent: 'an absolute target without a path, with a query',
    bytes: request('GET http://localhost?a=b'),
    statuses: [200],
    body: 'Welcome',
  },
  sameHost('http://localhost:80/greeting', 'localhost'),
  sameHost('http://localhost/greeting', 'localhost:80'),
  sameHost('http://localhost:/greeting', 'LOCALHOST:80'),
  sameHost('https://localhost/greeting', 'localhost:443'),
  sameHost('http://[::1]:80/greeting', '[::1]'),
  sameHost('http://localhost:8080/greeting', 'localhost:8080'),
  otherHost('http://localhost:443/greeting', 'localhost'),
  otherHost('https://localhost:80/greeting', 'localhost'),
  otherHost('http://localhost:8080/greeting', 'localhost'),
  {
    section: 'RFC 9112 §3.2.2',
    sent: 'an absolute target with another host than Host',
    bytes: request('GET http://example.com/greeting'),
    statuses: [400],
    isClosed: true,
    body: malformed('the target and Host name different hosts'),
  },
  {
    section: 'RFC 9110 §4.2.4',
    sent: 'an absolute target with user information',
    bytes: request('GET http://admin@localhost/greeting'),
    statuses: [400],
    isClosed: true,
    body: malformed('the target has no valid host'),
  },
  {
    section: 'RFC 9110 §4.2.4',
    sent: 'an absolute target with user information, with HTTP/1.0',
    bytes: 'GET http://admin@localhost/greeting HTTP/1.0\r\n\r\n',
    statuses: [400],
    isClosed: true,
    body: malformed('the target has no valid host'),
  },
  {
    section: 'RFC 9110 §7.4',
    sent: 'a target with another scheme',
    bytes: request('GET ftp://localhost/greeting'),
    statuses: [400],
    body: malformed('the target must be a path or an HTTP URL'),
  },
  {
    section: 'RFC 9112 §3.2.1',
    sent: 'a target without a leading slash',
    bytes: request('GET greeting'),
    statuses: [400],
    isClosed: true,
    body: malformed('the request is malformed'),
  },
  {
    section: 'RFC 9110 §7.1',
    sent: 'a target with a fragment',
    bytes: request('GET /greeting#top'),
    statuses: [400],
    body: malformed('the target has a fragment'),
  },
  {
    section: 'RFC 9112 §3',
    sent: 'a space inside the target',
    bytes: request('GET /gree ting'),
    statuses: [400],
    isClosed: true,
    body: malformed('the request is malformed'),
  },
]

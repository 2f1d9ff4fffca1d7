import { request, type WireCase } from '../case.ts'
import { TEXT } from '../fields.ts'
import { GET, head, LOCAL, refused, SMUGGLED } from './malformed-requests.ts'

const NO_VERSION = 'the request line has no valid HTTP version'

const OTHER_VERSION = 'use HTTP/1.1'

const UPGRADE = ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk']

export const CONNECTIONS: WireCase[] = [
  refused('RFC 9112 §2.3', 'a request without a version', 'GET /greeting\r\n\r\n', NO_VERSION),
  refused(
    'RFC 9112 §2.3',
    'HTTP/0.9 in the request line',
    head('GET /greeting HTTP/0.9', LOCAL),
    NO_VERSION,
  ),
  refused('RFC 9112 §2.3', 'a version in lower case', head('GET /greeting http/1.1', LOCAL)),
  refused('RFC 9112 §2.3', 'a version without a dot', head('GET /greeting HTTP/11', LOCAL)),
  refused(
    'RFC 9110 §15.6.6',
    'HTTP/1.2',
    head('GET /greeting HTTP/1.2', LOCAL),
    OTHER_VERSION,
    505,
  ),
  refused(
    'RFC 9110 §15.6.6',
    'HTTP/2.0 in the request line',
    head('GET /greeting HTTP/2.0', LOCAL),
    OTHER_VERSION,
    505,
  ),
  refused(
    'RFC 9110 §15.6.6',
    'HTTP/3.0',
    head('GET /greeting HTTP/3.0', LOCAL),
    OTHER_VERSION,
    505,
  ),
  refused(
    'RFC 9113 §3.4',
    'the connection preface of HTTP/2',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    OTHER_VERSION,
    505,
  ),
  refused('RFC 9112 §3', 'a TLS handshake', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'),
  {
    section: 'RFC 9110 §7.8',
    sent: 'an upgrade to HTTP/2, to be ignored',
    bytes: head(GET, LOCAL, ...UPGRADE),
    statuses: [200],
    body: 'Hello World',
  },
  {
    section: 'RFC 9110 §7.8',
    sent: 'an upgrade, then a request in the same packet',
    bytes: head(GET, LOCAL, ...UPGRADE) + SMUGGLED,
    statuses: [200],
    isClosed: true,
    headers: { connection: 'close' },
  },
  {
    section: 'RFC 9110 §7.8',
    sent: 'a body with an upgrade, then a request in the same packet',
    bytes:
      request('POST /mirror', { ...TEXT, Connection: 'Upgrade', Upgrade: 'a' }, 'hello') + SMUGGLED,
    statuses: [200],
    isClosed: true,
    headers: { connection: 'close' },
  },
  {
    section: 'RFC 9110 §7.8',
    sent: 'an upgrade, then a request after the response',
    bytes: [head(GET, LOCAL, ...UPGRADE), request('GET /greeting?name=b')],
    statuses: [200, 200],
    body: 'Hello b',
  },
  {
    section: 'RFC 9110 §7.8',
    sent: 'a body with an upgrade, then a request after the response',
    bytes: [
      request('POST /mirror', { ...TEXT, Connection: 'Upgrade', Upgrade: 'a' }, 'hello'),
      request('GET /greeting?name=b'),
    ],
    statuses: [200, 200],
    body: 'Hello b',
  },
  {
    section: 'RFC 9110 §7.8',
    sent: 'a request, then an upgrade in the same packet',
    bytes: request('GET /greeting') + head(GET, LOCAL, ...UPGRADE),
    statuses: [200, 200],
    isClosed: true,
  },
  {
    section: 'RFC 9112 §9.3.2',
    sent: 'three pipelined requests',
    bytes:
      request('GET /greeting?name=a') + request('GET /vault') + request('GET /greeting?name=c'),
    statuses: [200, 401, 200],
    body: 'Hello c',
  },
  {
    section: 'RFC 9112 §9.3.2',
    sent: 'a request, then bytes that are not HTTP',
    bytes: `${request('GET /greeting')}NOT HTTP\r\n\r\n${SMUGGLED}`,
    statuses: [200, 400],
    isClosed: true,
  },
  {
    section: 'RFC 9112 §9.3.2',
    sent: 'a slow request, then a malformed body',
    bytes:
      request('GET /vault', { Authorization: `Basic ${btoa('admin:secret')}` }) +
      request('POST /mirror', { ...TEXT, 'Transfer-Encoding': 'chunked' }) +
      'ZZ\r\n',
    statuses: [200, 400],
    isClosed: true,
  },
  {
    section: 'RFC 9112 §9.6',
    sent: 'Connection: close, then another request',
    bytes: request('GET /greeting', { Connection: 'close' }) + SMUGGLED,
    statuses: [200],
    isClosed: true,
    headers: { connection: 'close' },
  },
  {
    section: 'RFC 9112 §9.6',
    sent: 'half of a body to a missing resource',
    bytes: request('POST /nowhere', { ...TEXT, 'Content-Length': '10' }, 'hello'),
    statuses: [404],
    isClosed: true,
    headers: { connection: 'close' },
  },
  {
    section: 'RFC 9112 §9.3',
    sent: 'a body to a missing resource, then a request',
    bytes: request('POST /nowhere', TEXT, 'hello') + request('GET /greeting'),
    statuses: [404, 200],
    body: 'Hello World',
  },
  {
    section: 'RFC 9112 §9.3',
    sent: 'HTTP/1.0 with Connection: keep-alive',
    bytes: head('GET /greeting HTTP/1.0', LOCAL, 'Connection: keep-alive'),
    statuses: [200],
    headers: { connection: 'keep-alive' },
  },
]

import { STATUS_CODES } from 'node:http'
import { request, type WireCase } from '../case.ts'

const HOST = 'RFC 9112 §3.2'
const LENGTH = 'RFC 9112 §6.3'
const CODING = 'RFC 9112 §6.1'
const CHUNKS = 'RFC 9112 §7.1'
const FIELDS = 'RFC 9112 §5.1'
const FOLDING = 'RFC 9112 §5.2'

const TEXT = { 'Content-Type': 'text/plain' }
const CHUNKED = { ...TEXT, 'Transfer-Encoding': 'chunked' }
/** A request that nobody sent: to answer it would be to be fooled. */
const SMUGGLED = 'GET /hello?name=smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n'

/** A head that can only be refused, and nothing behind it can be trusted. */
function refused(
  section: string,
  sent: string,
  octets: string,
  reason = 'the request is malformed',
  status = 400,
): WireCase {
  const body = { status, message: `${STATUS_CODES[status]}: ${reason}` }
  return { section, sent, octets, statuses: [status], isClosed: true, body }
}

const NO_HOST = 'Host is not a valid host'
const TWO_HOSTS = 'there is more than one Host'
const NOT_CHUNKED = 'Transfer-Encoding must end with chunked'
const OTHER_CODING = 'transfer coding gzip, chunked; supported: chunked'
const NO_VERSION = 'the request line has no valid HTTP version'
const OTHER_VERSION = 'use HTTP/1.1'

/** Lines of a head as they stand. */
function head(...lines: string[]): string {
  return `${lines.join('\r\n')}\r\n\r\n`
}

const GET = 'GET /hello HTTP/1.1'
const POST = 'POST /messages HTTP/1.1'
const LOCAL = 'Host: localhost'
const PLAIN = 'Content-Type: text/plain'

/** A body of five octets whose length is given in the lines. */
function lengths(...lines: string[]): string {
  return `${head(POST, LOCAL, PLAIN, ...lines)}hello${SMUGGLED}`
}

/** An empty body in chunks, with what the lines say of its coding. */
function codings(...lines: string[]): string {
  return `${head(POST, LOCAL, PLAIN, ...lines)}0\r\n\r\n${SMUGGLED}`
}

/** A body in chunks as it stands. */
function chunks(body: string): string {
  return request('POST /messages', CHUNKED) + body
}

export const FRAMING: WireCase[] = [
  refused(HOST, 'no Host', head(GET), 'Host is missing'),
  refused(HOST, 'two Hosts', head(GET, LOCAL, 'Host: example.com'), TWO_HOSTS),
  refused(HOST, 'the same Host twice', head(GET, LOCAL, LOCAL), TWO_HOSTS),
  refused(HOST, 'Host twice, in two cases', head(GET, LOCAL, 'hOST: localhost'), TWO_HOSTS),
  refused(HOST, 'an empty Host', head(GET, 'Host:'), NO_HOST),
  refused(HOST, 'two hosts in one Host', head(GET, 'Host: localhost, example.com'), NO_HOST),
  refused(HOST, 'a Host with a path', head(GET, 'Host: localhost/evil'), NO_HOST),
  refused(HOST, 'a Host with markup', head(GET, 'Host: <script>'), NO_HOST),
  refused(HOST, 'a Host with a user', head(GET, 'Host: admin@localhost'), NO_HOST),
  refused(HOST, 'a Host with a space', head(GET, 'Host: local host'), NO_HOST),
  refused(HOST, 'a Host with a port that is none', head(GET, 'Host: localhost:http'), NO_HOST),
  refused(HOST, 'a Host with a port beyond 65,535', head(GET, 'Host: localhost:65536'), NO_HOST),
  refused(HOST, 'a Host with octets beyond ASCII', head(GET, 'Host: l\xf6calhost'), NO_HOST),
  refused(HOST, 'a Host with a bracket left open', head(GET, 'Host: [::1'), NO_HOST),
  {
    section: HOST,
    sent: 'a Host with an IPv6 address and a port',
    octets: head(GET, 'Host: [::1]:5000'),
    statuses: [200],
    body: 'Hello John Doe',
  },
  {
    section: HOST,
    sent: 'a Host in upper case with an empty port',
    octets: head(GET, 'Host: LOCALHOST:'),
    statuses: [200],
    body: 'Hello John Doe',
  },
  {
    section: HOST,
    sent: 'no Host, from HTTP/1.0',
    octets: head('GET /hello HTTP/1.0'),
    statuses: [200],
    isClosed: true,
    body: 'Hello John Doe',
  },

  refused(
    LENGTH,
    'two Content-Lengths that differ',
    lengths('Content-Length: 5', 'Content-Length: 6'),
  ),
  refused(
    LENGTH,
    'Content-Length twice, the same',
    lengths('Content-Length: 5', 'Content-Length: 5'),
  ),
  refused(LENGTH, 'a list in Content-Length', lengths('Content-Length: 5, 6')),
  refused(LENGTH, 'a list of the same in Content-Length', lengths('Content-Length: 5, 5')),
  refused(LENGTH, 'a Content-Length with a plus', lengths('Content-Length: +5')),
  refused(LENGTH, 'a negative Content-Length', lengths('Content-Length: -5')),
  refused(LENGTH, 'a Content-Length in hexadecimal', lengths('Content-Length: 0x5')),
  refused(LENGTH, 'a Content-Length with a point', lengths('Content-Length: 5.0')),
  refused(LENGTH, 'a Content-Length with an exponent', lengths('Content-Length: 5e0')),
  refused(LENGTH, 'a Content-Length with an underscore', lengths('Content-Length: 0_5')),
  refused(LENGTH, 'a Content-Length with a space inside', lengths('Content-Length: 5 5')),
  refused(LENGTH, 'a Content-Length that is a word', lengths('Content-Length: five')),
  refused(LENGTH, 'an empty Content-Length', lengths('Content-Length:')),
  refused(LENGTH, 'a Content-Length of 2^64 + 5', lengths('Content-Length: 18446744073709551621')),
  refused(
    LENGTH,
    'Content-Length, then Transfer-Encoding',
    codings('Content-Length: 5', 'Transfer-Encoding: chunked'),
  ),
  refused(
    LENGTH,
    'Transfer-Encoding, then Content-Length',
    codings('Transfer-Encoding: chunked', 'Content-Length: 5'),
  ),
  refused(
    LENGTH,
    'both, in upper case',
    codings('TRANSFER-ENCODING: CHUNKED', 'CONTENT-LENGTH: 5'),
  ),
  {
    section: LENGTH,
    sent: 'a Content-Length with zeros in front',
    octets: `${head(POST, LOCAL, PLAIN, 'Content-Length: 0005')}hello`,
    statuses: [201],
    body: 'Text Message: hello',
  },
  {
    section: LENGTH,
    sent: 'a request behind the octets that Content-Length counts',
    octets: request('POST /messages', TEXT, 'hello') + request('GET /hello'),
    statuses: [201, 200],
    body: 'Hello John Doe',
  },
  {
    section: LENGTH,
    sent: 'a request hidden in the body of another',
    octets: request('POST /messages', TEXT, SMUGGLED) + request('GET /'),
    statuses: [201, 200],
    body: 'Welcome',
  },
  {
    section: LENGTH,
    sent: 'a request hidden in the body of a GET',
    octets: request('GET /hello', TEXT, SMUGGLED) + request('GET /'),
    statuses: [200, 200],
    body: 'Welcome',
  },
  {
    section: LENGTH,
    sent: 'a request hidden in the body of what is refused',
    octets: request('POST /nowhere', TEXT, SMUGGLED) + request('GET /'),
    statuses: [404, 200],
    body: 'Welcome',
  },

  refused(CODING, 'an unknown transfer coding', codings('Transfer-Encoding: gzip'), NOT_CHUNKED),
  refused(
    CODING,
    'the transfer coding identity',
    codings('Transfer-Encoding: identity'),
    NOT_CHUNKED,
  ),
  refused(
    CODING,
    'a transfer coding that only looks like chunked',
    codings('Transfer-Encoding: xchunked'),
    NOT_CHUNKED,
  ),
  refused(CODING, 'chunked in quotes', codings('Transfer-Encoding: "chunked"'), NOT_CHUNKED),
  refused(
    CODING,
    'chunked with a parameter',
    codings('Transfer-Encoding: chunked;q=1'),
    NOT_CHUNKED,
  ),
  refused(CODING, 'chunked that is not last', codings('Transfer-Encoding: chunked, gzip')),
  refused(CODING, 'chunked twice', codings('Transfer-Encoding: chunked, chunked')),
  refused(
    CODING,
    'chunked twice, in two fields',
    codings('Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'),
  ),
  refused(
    CODING,
    'chunked, then another in a second field',
    codings('Transfer-Encoding: chunked', 'Transfer-Encoding: identity'),
  ),
  refused(CODING, 'an empty Transfer-Encoding', codings('Transfer-Encoding:')),
  refused(CODING, 'a vertical tab before chunked', codings('Transfer-Encoding: \x0bchunked')),
  refused(
    CODING,
    'gzip and then chunked',
    codings('Transfer-Encoding: gzip, chunked'),
    OTHER_CODING,
    501,
  ),
  refused(
    CODING,
    'gzip and then chunked, in two fields',
    codings('Transfer-Encoding: gzip', 'Transfer-Encoding: chunked'),
    OTHER_CODING,
    501,
  ),
  refused(
    CODING,
    'chunks from HTTP/1.0',
    `${head('POST /messages HTTP/1.0', LOCAL, PLAIN, 'Transfer-Encoding: chunked')}0\r\n\r\n${SMUGGLED}`,
    'HTTP/1.0 does not allow Transfer-Encoding',
  ),
  {
    section: CODING,
    sent: 'chunked in upper case, a tab before it',
    octets: `${head(POST, LOCAL, PLAIN, 'Transfer-Encoding:\tCHUNKED')}5\r\nhello\r\n0\r\n\r\n`,
    statuses: [201],
    body: 'Text Message: hello',
  },

  {
    section: CHUNKS,
    sent: 'a body in chunks, and a request behind it',
    octets: chunks('2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n') + request('GET /'),
    statuses: [201, 200],
    body: 'Welcome',
  },
  {
    section: CHUNKS,
    sent: 'a chunk size in upper case, with zeros in front',
    octets: chunks('00A\r\n0123456789\r\n0\r\n\r\n'),
    statuses: [201],
    body: 'Text Message: 0123456789',
  },
  {
    section: 'RFC 9112 §7.1.1',
    sent: 'a chunk extension, which is ignored',
    octets: chunks('5;name="a value"\r\nhello\r\n0\r\n\r\n'),
    statuses: [201],
    body: 'Text Message: hello',
  },
  {
    section: 'RFC 9112 §7.1.2',
    sent: 'trailers, which are no fields of the request',
    octets:
      request('POST /echo', { ...CHUNKED, Accept: 'application/json' }) +
      '5\r\nhello\r\n0\r\nAuthorization: Bearer secret-token\r\nX-Trailer: merged\r\n\r\n',
    statuses: [200],
    body: /^(?!.*(?:authorization|x-trailer)).*hello/i,
  },
  {
    section: 'RFC 9110 §6.5.1',
    sent: 'credentials as a trailer',
    octets:
      request('POST /articles', { ...CHUNKED, 'Content-Type': 'application/json' }) +
      '2\r\n{}\r\n0\r\nAuthorization: Bearer secret-token\r\n\r\n',
    statuses: [401],
  },
  refused(CHUNKS, 'a chunk size that is no number', chunks(`ZZ\r\nhello\r\n0\r\n\r\n${SMUGGLED}`)),
  refused(CHUNKS, 'a chunk size with a sign', chunks(`+5\r\nhello\r\n0\r\n\r\n${SMUGGLED}`)),
  refused(CHUNKS, 'a negative chunk size', chunks(`-5\r\nhello\r\n0\r\n\r\n${SMUGGLED}`)),
  refused(CHUNKS, 'a chunk size with 0x in front', chunks(`0x5\r\nhello\r\n0\r\n\r\n${SMUGGLED}`)),
  refused(
    CHUNKS,
    'a chunk size with an underscore',
    chunks(`0_5\r\nhello\r\n0\r\n\r\n${SMUGGLED}`),
  ),
  refused(
    CHUNKS,
    'a chunk size with a space in front',
    chunks(` 5\r\nhello\r\n0\r\n\r\n${SMUGGLED}`),
  ),
  refused(
    CHUNKS,
    'a chunk size with a space behind',
    chunks(`5 \r\nhello\r\n0\r\n\r\n${SMUGGLED}`),
  ),
  refused(CHUNKS, 'an empty chunk size', chunks(`\r\nhello\r\n0\r\n\r\n${SMUGGLED}`)),
  refused(
    CHUNKS,
    'a chunk size beyond 64 bits',
    chunks(`10000000000000005\r\nhello\r\n0\r\n\r\n${SMUGGLED}`),
  ),
  refused(
    CHUNKS,
    'a chunk that is longer than its size',
    chunks(`4\r\nhello\r\n0\r\n\r\n${SMUGGLED}`),
  ),
  refused(
    CHUNKS,
    'a chunk that is shorter than its size',
    chunks(`6\r\nhello\r\n0\r\n\r\n${SMUGGLED}`),
  ),
  refused(
    CHUNKS,
    'a chunk size that ends in a bare LF',
    chunks(`5\nhello\r\n0\r\n\r\n${SMUGGLED}`),
  ),
  refused(CHUNKS, 'a chunk that ends in a bare LF', chunks(`5\r\nhello\n0\r\n\r\n${SMUGGLED}`)),
  refused(CHUNKS, 'a chunk that ends in a bare CR', chunks(`5\r\nhello\r0\r\n\r\n${SMUGGLED}`)),
  refused(
    'RFC 9112 §7.1.1',
    'a bare LF in a chunk extension',
    chunks(`5;a\nhello\r\n0\r\n\r\n${SMUGGLED}`),
  ),
  refused(
    'RFC 9112 §7.1.2',
    'a trailer without a colon',
    chunks(`0\r\nno trailer\r\n\r\n${SMUGGLED}`),
  ),

  refused(FOLDING, 'a field that goes on in the next line', head(GET, LOCAL, 'X-Folded: a', ' b')),
  refused(FOLDING, 'a field that goes on behind a tab', head(GET, LOCAL, 'X-Folded: a', '\tb')),
  refused(FOLDING, 'a first field that begins with a space', head(GET, ` ${LOCAL}`)),
  refused(FOLDING, 'a folded Transfer-Encoding', codings('Transfer-Encoding:', ' chunked')),
  refused(FIELDS, 'a space before the colon', head(GET, LOCAL, 'X-Field : a')),
  refused(FIELDS, 'a space before the colon of Content-Length', lengths('Content-Length : 5')),
  refused(
    FIELDS,
    'a tab before the colon of Transfer-Encoding',
    codings('Transfer-Encoding\t: chunked'),
  ),
  refused(FIELDS, 'a field without a name', head(GET, LOCAL, ': a')),
  refused(FIELDS, 'a field without a colon', head(GET, LOCAL, 'no colon')),
  refused(FIELDS, 'a name with a character that no token has', head(GET, LOCAL, 'X(Field): a')),
  refused(FIELDS, 'a name with an octet beyond ASCII', head(GET, LOCAL, 'X-F\xefeld: a')),
  refused('RFC 9110 §5.5', 'a NUL in a field', head(GET, LOCAL, 'X-Field: a\x00b')),
  refused('RFC 9110 §5.5', 'a control character in a field', head(GET, LOCAL, 'X-Field: a\x01b')),
  refused('RFC 9110 §5.5', 'a DEL in a field', head(GET, LOCAL, 'X-Field: a\x7fb')),
  refused('RFC 9112 §2.2', 'lines that end in a bare LF', head(GET, LOCAL).replaceAll('\r', '')),
  refused(
    'RFC 9112 §2.2',
    'a field that ends in a bare LF',
    `${GET}\r\n${LOCAL}\nX-Field: a\r\n\r\n`,
  ),
  refused('RFC 9112 §2.2', 'a bare CR in a field', head(GET, LOCAL, 'X-Field: a\rX-Other: b')),
  refused('RFC 9112 §2.2', 'a bare CR that ends a line', `${GET}\r${LOCAL}\r\n\r\n`),
  refused('RFC 9112 §2.2', 'white space before the first field', `${GET}\r\n \r\n${LOCAL}\r\n\r\n`),
  refused('RFC 9112 §3', 'a NUL in the target', head('GET /hel\x00lo HTTP/1.1', LOCAL)),
  refused('RFC 9112 §3', 'a tab in place of a space', head('GET\t/hello HTTP/1.1', LOCAL)),
  {
    section: 'RFC 9112 §2.2',
    sent: 'an empty line before the request',
    octets: `\r\n${request('GET /hello')}`,
    statuses: [200],
    body: 'Hello John Doe',
  },
  {
    section: 'RFC 9110 §5.5',
    sent: 'an octet beyond ASCII in a field',
    octets: head(GET, LOCAL, 'X-Field: \xe9'),
    statuses: [200],
    body: 'Hello John Doe',
  },
  {
    section: 'RFC 9112 §5.1',
    sent: 'fields without white space, and with more than is needed',
    octets: head(GET, 'Host:localhost', 'Accept: \t application/json \t '),
    statuses: [200],
    headers: { 'content-type': 'application/json; charset=utf-8' },
  },

  refused('RFC 9112 §2.3', 'a request without a version', 'GET /hello\r\n\r\n', NO_VERSION),
  refused('RFC 9112 §2.3', 'HTTP/0.9 by name', head('GET /hello HTTP/0.9', LOCAL), NO_VERSION),
  refused('RFC 9112 §2.3', 'a version in lower case', head('GET /hello http/1.1', LOCAL)),
  refused('RFC 9112 §2.3', 'a version without a point', head('GET /hello HTTP/11', LOCAL)),
  refused('RFC 9110 §15.6.6', 'HTTP/1.2', head('GET /hello HTTP/1.2', LOCAL), OTHER_VERSION, 505),
  refused(
    'RFC 9110 §15.6.6',
    'HTTP/2.0 in the request line',
    head('GET /hello HTTP/2.0', LOCAL),
    OTHER_VERSION,
    505,
  ),
  refused('RFC 9110 §15.6.6', 'HTTP/3.0', head('GET /hello HTTP/3.0', LOCAL), OTHER_VERSION, 505),
  refused(
    'RFC 9113 §3.4',
    'the preface of HTTP/2',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    OTHER_VERSION,
    505,
  ),
  refused('RFC 9112 §3', 'octets of TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'),
  {
    section: 'RFC 9110 §7.8',
    sent: 'an upgrade to HTTP/2, which is ignored',
    octets: head(
      GET,
      LOCAL,
      'Connection: Upgrade, HTTP2-Settings',
      'Upgrade: h2c',
      'HTTP2-Settings: AAMAAABk',
    ),
    statuses: [200],
    body: 'Hello John Doe',
  },
  {
    section: 'RFC 9112 §9.3.2',
    sent: 'three requests at once',
    octets: request('GET /hello?name=a') + request('GET /secrets') + request('GET /hello?name=c'),
    statuses: [200, 401, 200],
    body: 'Hello c',
  },
  {
    section: 'RFC 9112 §9.3.2',
    sent: 'a request and octets that are none',
    octets: `${request('GET /hello')}NOT HTTP\r\n\r\n${SMUGGLED}`,
    statuses: [200, 400],
    isClosed: true,
  },
  {
    section: 'RFC 9112 §9.3.2',
    sent: 'a malformed body behind a request that takes its time',
    octets:
      request('GET /secrets', { Authorization: `Basic ${btoa('admin:secret')}` }) +
      request('POST /messages', { 'Content-Type': 'text/plain', 'Transfer-Encoding': 'chunked' }) +
      'ZZ\r\n',
    statuses: [200, 400],
    isClosed: true,
  },
  {
    section: 'RFC 9112 §9.6',
    sent: 'a request that ends the connection, and another behind it',
    octets: request('GET /hello', { Connection: 'close' }) + SMUGGLED,
    statuses: [200],
    isClosed: true,
    headers: { connection: 'close' },
  },
  {
    section: 'RFC 9112 §9.3',
    sent: 'HTTP/1.0 that asks to keep the connection',
    octets: head('GET /hello HTTP/1.0', LOCAL, 'Connection: keep-alive'),
    statuses: [200],
    headers: { connection: 'keep-alive' },
  },
]

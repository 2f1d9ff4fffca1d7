import t from 'tap'
import { checkHead, type Head, MAX_TARGET_LENGTH } from '../../../src/http/framing.ts'
import type { HttpError } from '../../../src/http/http-error.ts'

const HEAD: Head = {
  httpVersion: '1.1',
  method: 'GET',
  url: '/',
  headers: { host: 'h' },
  rawHeaders: ['Host', 'h'],
}

/** Returns a valid head with another Host. */
function withHost(host: string): Head {
  return { ...HEAD, headers: { host }, rawHeaders: ['Host', host] }
}

/** Returns a copy of a head with an additional header field. */
function withField(name: string, value: string, head = HEAD): Head {
  return {
    ...head,
    headers: { ...head.headers, [name]: value },
    rawHeaders: [...head.rawHeaders, name, value],
  }
}

const OLD: Head = { ...HEAD, httpVersion: '1.0' }

t.test('checkHead() refuses an empty Host on the first call', async (t) => {
  t.throws(() => checkHead(withHost('')), { statusCode: 400, message: 'Host is not a valid host' })
})

const ACCEPTED: [title: string, head: Head][] = [
  ['a path', HEAD],
  ['a target of the maximum length', { ...HEAD, url: '/'.padEnd(MAX_TARGET_LENGTH, 'a') }],
  ['a URL that agrees with Host', { ...withHost('H:80'), url: 'http://h:80/a' }],
  ['the asterisk of OPTIONS', { ...HEAD, method: 'OPTIONS', url: '*' }],
  ['a port', withHost('h:65535')],
  ['an empty port', withHost('h:')],
  ['an address', withHost('127.0.0.1:5000')],
  ['an IPv6 address', withHost('[2001:db8::7]:80')],
  ['a host name with percent-encoding', withHost('%c3%bc.example')],
  ['no Host before HTTP/1.1', { ...OLD, headers: {}, rawHeaders: [] }],
  ['a URL before HTTP/1.1', { ...OLD, url: 'http://h/', headers: {}, rawHeaders: [] }],
  ['chunks', withField('transfer-encoding', 'Chunked')],
  ['an expectation', withField('expect', '100-Continue')],
  ['the same expectation twice', withField('expect', '100-continue, 100-continue')],
  ['any expectation before HTTP/1.1', withField('expect', 'miracles', OLD)],
  ['two fields whose names end with host', withField('x-host', 'a', withField('X-Host', 'b'))],
  ['Host as a value', withField('x-field', 'host')],
  ['a list in two fields', withField('accept', 'a/b', withField('accept', 'c/d'))],
]

for (const [title, head] of ACCEPTED) {
  t.test(`checkHead() accepts ${title}`, async (t) => {
    t.doesNotThrow(() => checkHead(head))
  })
}

/** Refused heads, with the status, the detail, and whether the connection closes. */
const REFUSED: [title: string, head: Head, status: number, detail: string, isClosed: boolean][] = [
  [
    'HTTP/0.9',
    { ...HEAD, httpVersion: '0.9' },
    400,
    'the request line has no valid HTTP version',
    true,
  ],
  ['HTTP/2.0', { ...HEAD, httpVersion: '2.0' }, 505, 'use HTTP/1.1', true],
  [
    'chunks before HTTP/1.1',
    withField('transfer-encoding', 'chunked', OLD),
    400,
    'HTTP/1.0 does not allow Transfer-Encoding',
    true,
  ],
  [
    'a transfer coding other than chunked',
    withField('transfer-encoding', 'gzip'),
    400,
    'Transfer-Encoding must end with chunked',
    true,
  ],
  [
    'a transfer coding whose name only ends with chunked',
    withField('transfer-encoding', 'gzip,xchunked'),
    400,
    'Transfer-Encoding must end with chunked',
    true,
  ],
  [
    'a transfer coding before chunked',
    withField('transfer-encoding', 'gzip, chunked'),
    501,
    'transfer coding gzip, chunked; supported: chunked',
    true,
  ],
  [
    'a target over the limit',
    { ...HEAD, url: '/'.padEnd(MAX_TARGET_LENGTH + 1, 'a') },
    414,
    'the target is longer than 8000 bytes',
    false,
  ],
  ['a fragment', { ...HEAD, url: '/#a' }, 400, 'the target has a fragment', false],
  [
    'the target * with a method other than OPTIONS',
    { ...HEAD, url: '*' },
    400,
    'the target must be a path or an HTTP URL',
    false,
  ],
  [
    'another scheme',
    { ...HEAD, url: 'ftp://h/' },
    400,
    'the target must be a path or an HTTP URL',
    false,
  ],
  ['no Host', { ...HEAD, headers: {}, rawHeaders: [] }, 400, 'Host is missing', true],
  [
    'a second Host',
    { ...HEAD, rawHeaders: ['Host', 'h', 'hOsT', 'h'] },
    400,
    'there is more than one Host',
    true,
  ],
  [
    'a second Content-Type',
    withField('content-type', 'a/b', withField('Content-Type', 'a/b')),
    400,
    'there is more than one Content-Type',
    true,
  ],
  [
    'a second Authorization',
    withField('authorization', 'Basic b', withField('Authorization', 'Basic a')),
    400,
    'there is more than one Authorization',
    true,
  ],
  [
    'a second Host with an invalid target',
    { ...HEAD, url: '/#a', rawHeaders: ['Host', 'h', 'Host', 'g'] },
    400,
    'there is more than one Host',
    true,
  ],
  [
    'a URL with a user, without Host',
    { ...OLD, url: 'http://u@h/', headers: {}, rawHeaders: [] },
    400,
    'the target has no valid host',
    true,
  ],
  [
    'a URL without a host',
    { ...OLD, url: 'http:///a', headers: {}, rawHeaders: [] },
    400,
    'the target has no valid host',
    true,
  ],
  ['an empty Host', withHost(''), 400, 'Host is not a valid host', true],
  ['brackets without an address', withHost('[]'), 400, 'Host is not a valid host', true],
  ['a Host with white space', withHost('h h'), 400, 'Host is not a valid host', true],
  ['a Host with a path', withHost('h/'), 400, 'Host is not a valid host', true],
  ['a Host with a user', withHost('u@h'), 400, 'Host is not a valid host', true],
  ['a port above 65535', withHost('h:65536'), 400, 'Host is not a valid host', true],
  ['a port of six digits', withHost('h:000080'), 400, 'Host is not a valid host', true],
  [
    'another host in the target',
    { ...HEAD, url: 'http://other/' },
    400,
    'the target and Host name different hosts',
    true,
  ],
  [
    'another expectation',
    withField('expect', 'miracles'),
    417,
    'Expect: miracles; supported: 100-continue',
    false,
  ],
]

for (const [title, head, statusCode, detail, isClosed] of REFUSED) {
  t.test(`checkHead() throws ${statusCode} for ${title}`, async (t) => {
    const headers = isClosed ? { connection: 'close' } : {}
    const expected = { statusCode, detail, headers } as HttpError
    t.throws(() => checkHead(head), expected)
  })
}

import { request, type WireCase } from '../case.ts'
import { TEXT } from '../fields.ts'
import { codings, head, LOCAL, PLAIN, POST, refused, SMUGGLED } from './malformed-requests.ts'

const CODING = 'RFC 9112 §6.1'

const CHUNKS = 'RFC 9112 §7.1'

const CHUNKED = { ...TEXT, 'Transfer-Encoding': 'chunked' }

const NOT_CHUNKED = 'Transfer-Encoding must end with chunked'

const OTHER_CODING = 'transfer coding gzip, chunked; supported: chunked'

/** Writes a POST whose chunked body consists of exactly the given bytes. */
function chunks(body: string): string {
  return request('POST /mirror', CHUNKED) + body
}

export const TRANSFER_CODING: WireCase[] = [
  refused(CODING, 'an unknown transfer coding', codings('Transfer-Encoding: gzip'), NOT_CHUNKED),
  refused(
    CODING,
    'the transfer coding identity',
    codings('Transfer-Encoding: identity'),
    NOT_CHUNKED,
  ),
  refused(
    CODING,
    'a transfer coding that resembles chunked',
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
  refused(CODING, 'chunked before another coding', codings('Transfer-Encoding: chunked, gzip')),
  refused(CODING, 'chunked twice', codings('Transfer-Encoding: chunked, chunked')),
  refused(
    CODING,
    'chunked twice, in two fields',
    codings('Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'),
  ),
  refused(
    CODING,
    'chunked, then another coding in a second field',
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
    'a chunked body with HTTP/1.0',
    `${head('POST /mirror HTTP/1.0', LOCAL, PLAIN, 'Transfer-Encoding: chunked')}0\r\n\r\n${SMUGGLED}`,
    'HTTP/1.0 does not allow Transfer-Encoding',
  ),
  {
    section: CODING,
    sent: 'chunked in upper case, after a tab',
    bytes: `${head(POST, LOCAL, PLAIN, 'Transfer-Encoding:\tCHUNKED')}5\r\nhello\r\n0\r\n\r\n`,
    statuses: [200],
    body: 'POST: hello',
  },

  {
    section: CHUNKS,
    sent: 'a chunked body, then a request',
    bytes: chunks('2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n') + request('GET /'),
    statuses: [200, 200],
    body: 'Welcome',
  },
  {
    section: CHUNKS,
    sent: 'a chunk size in upper case, with leading zeros',
    bytes: chunks('00A\r\n0123456789\r\n0\r\n\r\n'),
    statuses: [200],
    body: 'POST: 0123456789',
  },
  {
    section: 'RFC 9112 §7.1.1',
    sent: 'a chunk extension, to be ignored',
    bytes: chunks('5;name="a value"\r\nhello\r\n0\r\n\r\n'),
    statuses: [200],
    body: 'POST: hello',
  },
  {
    section: 'RFC 9112 §7.1.2',
    sent: 'trailers, which must not become header fields',
    bytes:
      request('POST /mirror', { ...CHUNKED, Accept: 'application/json' }) +
      '5\r\nhello\r\n0\r\nAuthorization: Bearer secret-token\r\nX-Trailer: merged\r\n\r\n',
    statuses: [200],
    body: /^(?!.*(?:authorization|x-trailer)).*hello/i,
  },
  {
    section: 'RFC 9110 §6.5.1',
    sent: 'credentials in a trailer',
    bytes:
      request('POST /notes', { ...CHUNKED, 'Content-Type': 'application/json' }) +
      '2\r\n{}\r\n0\r\nAuthorization: Bearer secret-token\r\n\r\n',
    statuses: [401],
  },
  refused(
    CHUNKS,
    'a chunk size that is not a number',
    chunks(`ZZ\r\nhello\r\n0\r\n\r\n${SMUGGLED}`),
  ),
  refused(CHUNKS, 'a chunk size with a sign', chunks(`+5\r\nhello\r\n0\r\n\r\n${SMUGGLED}`)),
  refused(CHUNKS, 'a negative chunk size', chunks(`-5\r\nhello\r\n0\r\n\r\n${SMUGGLED}`)),
  refused(CHUNKS, 'a chunk size with 0x', chunks(`0x5\r\nhello\r\n0\r\n\r\n${SMUGGLED}`)),
  refused(
    CHUNKS,
    'a chunk size with an underscore',
    chunks(`0_5\r\nhello\r\n0\r\n\r\n${SMUGGLED}`),
  ),
  refused(CHUNKS, 'a chunk size after a space', chunks(` 5\r\nhello\r\n0\r\n\r\n${SMUGGLED}`)),
  refused(CHUNKS, 'a chunk size before a space', chunks(`5 \r\nhello\r\n0\r\n\r\n${SMUGGLED}`)),
  refused(CHUNKS, 'an empty chunk size', chunks(`\r\nhello\r\n0\r\n\r\n${SMUGGLED}`)),
  refused(
    CHUNKS,
    'a chunk size over 64 bits',
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
]

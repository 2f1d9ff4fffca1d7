import { request, type WireCase } from '../case.ts'
import { TEXT } from '../fields.ts'
import {
  codings,
  head,
  LOCAL,
  lengths,
  PLAIN,
  POST,
  refused,
  SMUGGLED,
} from './malformed-requests.ts'

const LENGTH = 'RFC 9112 §6.3'

export const CONTENT_LENGTH: WireCase[] = [
  refused(
    LENGTH,
    'two Content-Length fields with different values',
    lengths('Content-Length: 5', 'Content-Length: 6'),
  ),
  refused(
    LENGTH,
    'two equal Content-Length fields',
    lengths('Content-Length: 5', 'Content-Length: 5'),
  ),
  refused(LENGTH, 'a list in Content-Length', lengths('Content-Length: 5, 6')),
  refused(LENGTH, 'a list of equal values in Content-Length', lengths('Content-Length: 5, 5')),
  refused(LENGTH, 'a Content-Length with a plus', lengths('Content-Length: +5')),
  refused(LENGTH, 'a negative Content-Length', lengths('Content-Length: -5')),
  refused(LENGTH, 'a Content-Length in hexadecimal', lengths('Content-Length: 0x5')),
  refused(LENGTH, 'a Content-Length with a decimal point', lengths('Content-Length: 5.0')),
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
    'Transfer-Encoding and Content-Length, both in upper case',
    codings('TRANSFER-ENCODING: CHUNKED', 'CONTENT-LENGTH: 5'),
  ),
  {
    section: LENGTH,
    sent: 'a Content-Length with leading zeros',
    bytes: `${head(POST, LOCAL, PLAIN, 'Content-Length: 0005')}hello`,
    statuses: [200],
    body: 'POST: hello',
  },
  {
    section: LENGTH,
    sent: 'a request after a body with Content-Length',
    bytes: request('POST /mirror', TEXT, 'hello') + request('GET /greeting'),
    statuses: [200, 200],
    body: 'Hello World',
  },
  {
    section: LENGTH,
    sent: 'a request hidden in the body of another request',
    bytes: request('POST /mirror', TEXT, SMUGGLED) + request('GET /'),
    statuses: [200, 200],
    body: 'Welcome',
  },
  {
    section: LENGTH,
    sent: 'a request hidden in the body of a GET',
    bytes: request('GET /greeting', TEXT, SMUGGLED) + request('GET /'),
    statuses: [200, 200],
    body: 'Welcome',
  },
  {
    section: LENGTH,
    sent: 'a request hidden in the body of a refused request',
    bytes: request('POST /nowhere', TEXT, SMUGGLED) + request('GET /'),
    statuses: [404, 200],
    body: 'Welcome',
  },
]

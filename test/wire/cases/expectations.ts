import { request, type WireCase } from '../case.ts'

const CONTINUE = { Expect: '100-continue' }
const TEXT = { 'Content-Type': 'text/plain', ...CONTINUE }
const STORED = 'Text Message: hello'

export const EXPECTATIONS: WireCase[] = [
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'a body that waits for 100 and is wanted',
    octets: [request('POST /messages', { ...TEXT, 'Content-Length': '5' }), 'hello'],
    statuses: [100, 201],
    body: STORED,
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'a body in chunks that waits for 100 and is wanted',
    octets: [
      request('POST /messages', { ...TEXT, 'Transfer-Encoding': 'chunked' }),
      '5\r\nhello\r\n0\r\n\r\n',
    ],
    statuses: [100, 201],
    body: STORED,
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'a body that does not wait for the 100 that it asks for',
    octets: request('POST /messages', TEXT, 'hello'),
    statuses: [100, 201],
    body: STORED,
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'the expectation in upper case',
    octets: [
      request('POST /messages', { ...TEXT, Expect: '100-CONTINUE', 'Content-Length': '5' }),
      'hello',
    ],
    statuses: [100, 201],
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'a body that waits for 100 and is too large',
    octets: request('POST /messages', { ...TEXT, 'Content-Length': '1048577' }),
    statuses: [413],
    isClosed: true,
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'a body that waits for 100 and is of a type that is not taken',
    octets: request('POST /messages', {
      ...CONTINUE,
      'Content-Type': 'image/x-none',
      'Content-Length': '5',
    }),
    statuses: [415],
    isClosed: true,
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'a body that waits for 100, from a stranger',
    octets: request('POST /articles', {
      ...CONTINUE,
      'Content-Type': 'application/json',
      'Content-Length': '5',
    }),
    statuses: [401],
    isClosed: true,
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'a body that waits for 100, with nothing acceptable to answer',
    octets: request('POST /messages', { ...TEXT, Accept: 'image/png', 'Content-Length': '5' }),
    statuses: [406],
    isClosed: true,
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'a body that waits for 100, to a method that the resource has not',
    octets: request('POST /hello', { ...TEXT, 'Content-Length': '5' }),
    statuses: [405],
    isClosed: true,
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'a body that waits for 100, to what is not there',
    octets: request('POST /nowhere', { ...TEXT, 'Content-Length': '5' }),
    statuses: [404],
    isClosed: true,
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'the expectation without a body',
    octets: request('GET /hello', CONTINUE),
    statuses: [200],
    isClosed: true,
    body: 'Hello John Doe',
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'the expectation with an empty body',
    octets: request('POST /messages', { ...TEXT, 'Content-Length': '0' }),
    statuses: [201],
    isClosed: true,
    body: 'Text Message: ',
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'the expectation with a body that comes with GET, which is not read',
    octets: request('GET /hello', { ...TEXT, 'Content-Length': '5' }),
    statuses: [200],
    isClosed: true,
    body: 'Hello John Doe',
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'the expectation from HTTP/1.0, which has none',
    octets:
      'POST /messages HTTP/1.0\r\nContent-Type: text/plain\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello',
    statuses: [201],
    isClosed: true,
    body: STORED,
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'an expectation that is not known',
    octets: request('GET /hello', { Expect: 'miracles' }),
    statuses: [417],
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'an expectation that is not known beside the one that is',
    octets: request('GET /hello', { Expect: '100-continue, miracles' }),
    statuses: [417],
    isClosed: true,
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'the expectation twice, which asks for no more',
    octets: [
      request('POST /messages', {
        ...TEXT,
        Expect: '100-continue, 100-continue',
        'Content-Length': '5',
      }),
      'hello',
    ],
    statuses: [100, 201],
    body: STORED,
  },
]

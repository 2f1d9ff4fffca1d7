import { request, type WireCase } from '../case.ts'

const CONTINUE = { Expect: '100-continue' }
const TEXT = { 'Content-Type': 'text/plain', ...CONTINUE }
const STORED = 'Text Message: hello'

export const EXPECTATIONS: WireCase[] = [
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'a body that waits for 100',
    bytes: [request('POST /messages', { ...TEXT, 'Content-Length': '5' }), 'hello'],
    statuses: [100, 201],
    body: STORED,
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'a chunked body that waits for 100',
    bytes: [
      request('POST /messages', { ...TEXT, 'Transfer-Encoding': 'chunked' }),
      '5\r\nhello\r\n0\r\n\r\n',
    ],
    statuses: [100, 201],
    body: STORED,
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'a body sent at once, with Expect: 100-continue',
    bytes: request('POST /messages', TEXT, 'hello'),
    statuses: [100, 201],
    body: STORED,
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'Expect: 100-CONTINUE',
    bytes: [
      request('POST /messages', { ...TEXT, Expect: '100-CONTINUE', 'Content-Length': '5' }),
      'hello',
    ],
    statuses: [100, 201],
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'a body that waits for 100, over the limit',
    bytes: request('POST /messages', { ...TEXT, 'Content-Length': '1048577' }),
    statuses: [413],
    isClosed: true,
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'a body that waits for 100, of an unsupported type',
    bytes: request('POST /messages', {
      ...CONTINUE,
      'Content-Type': 'image/x-none',
      'Content-Length': '5',
    }),
    statuses: [415],
    isClosed: true,
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'a body that waits for 100, without credentials',
    bytes: request('POST /articles', {
      ...CONTINUE,
      'Content-Type': 'application/json',
      'Content-Length': '5',
    }),
    statuses: [401],
    isClosed: true,
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'a body that waits for 100, with an unacceptable Accept',
    bytes: request('POST /messages', { ...TEXT, Accept: 'image/png', 'Content-Length': '5' }),
    statuses: [406],
    isClosed: true,
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'a body that waits for 100, for an unsupported method',
    bytes: request('POST /hello', { ...TEXT, 'Content-Length': '5' }),
    statuses: [405],
    isClosed: true,
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'a body that waits for 100, for a missing resource',
    bytes: request('POST /nowhere', { ...TEXT, 'Content-Length': '5' }),
    statuses: [404],
    isClosed: true,
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'Expect: 100-continue without a body',
    bytes: request('GET /hello', CONTINUE),
    statuses: [200],
    isClosed: true,
    body: 'Hello John Doe',
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'Expect: 100-continue with an empty body',
    bytes: request('POST /messages', { ...TEXT, 'Content-Length': '0' }),
    statuses: [201],
    isClosed: true,
    body: 'Text Message: ',
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'Expect: 100-continue with the body of a GET, which is not read',
    bytes: request('GET /hello', { ...TEXT, 'Content-Length': '5' }),
    statuses: [200],
    isClosed: true,
    body: 'Hello John Doe',
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'Expect: 100-continue with the body of a HEAD, which is not read',
    bytes: request('HEAD /hello', { ...TEXT, 'Content-Length': '5' }),
    statuses: [200],
    isClosed: true,
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'Expect: 100-continue with HTTP/1.0, to be ignored',
    bytes:
      'POST /messages HTTP/1.0\r\nContent-Type: text/plain\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello',
    statuses: [201],
    isClosed: true,
    body: STORED,
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'an unknown expectation',
    bytes: request('GET /hello', { Expect: 'miracles' }),
    statuses: [417],
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'an unknown expectation beside 100-continue',
    bytes: request('GET /hello', { Expect: '100-continue, miracles' }),
    statuses: [417],
    isClosed: true,
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: '100-continue twice',
    bytes: [
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

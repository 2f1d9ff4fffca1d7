import { request, type WireCase } from '../case.ts'

const CONTINUE = { Expect: '100-continue' }
const TEXT = { 'Content-Type': 'text/plain', ...CONTINUE }
const MIRRORED = 'POST: hello'

export const EXPECTATIONS: WireCase[] = [
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'Expect: 100-continue, and the body after the 100',
    bytes: [request('POST /mirror', { ...TEXT, 'Content-Length': '5' }), 'hello'],
    statuses: [100, 200],
    body: MIRRORED,
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'Expect: 100-continue, and a chunked body after the 100',
    bytes: [
      request('POST /mirror', { ...TEXT, 'Transfer-Encoding': 'chunked' }),
      '5\r\nhello\r\n0\r\n\r\n',
    ],
    statuses: [100, 200],
    body: MIRRORED,
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'Expect: 100-continue, and the body without waiting for the 100',
    bytes: request('POST /mirror', TEXT, 'hello'),
    statuses: [100, 200],
    body: MIRRORED,
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'Expect: 100-CONTINUE',
    bytes: [
      request('POST /mirror', { ...TEXT, Expect: '100-CONTINUE', 'Content-Length': '5' }),
      'hello',
    ],
    statuses: [100, 200],
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'Expect: 100-continue for a body over the limit',
    bytes: request('POST /mirror', { ...TEXT, 'Content-Length': '1048577' }),
    statuses: [413],
    isClosed: true,
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'Expect: 100-continue for a body of an unsupported type',
    bytes: request('POST /mirror', {
      ...CONTINUE,
      'Content-Type': 'image/x-none',
      'Content-Length': '5',
    }),
    statuses: [415],
    isClosed: true,
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'Expect: 100-continue without credentials',
    bytes: request('POST /notes', {
      ...CONTINUE,
      'Content-Type': 'application/json',
      'Content-Length': '5',
    }),
    statuses: [401],
    isClosed: true,
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'Expect: 100-continue with an unacceptable Accept',
    bytes: request('POST /mirror', { ...TEXT, Accept: 'image/png', 'Content-Length': '5' }),
    statuses: [406],
    isClosed: true,
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'Expect: 100-continue for an unsupported method',
    bytes: request('POST /greeting', { ...TEXT, 'Content-Length': '5' }),
    statuses: [405],
    isClosed: true,
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'Expect: 100-continue for a missing resource',
    bytes: request('POST /nowhere', { ...TEXT, 'Content-Length': '5' }),
    statuses: [404],
    isClosed: true,
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'Expect: 100-continue without a body',
    bytes: request('GET /greeting', CONTINUE),
    statuses: [200],
    isClosed: true,
    body: 'Hello World',
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'Expect: 100-continue with an empty body',
    bytes: request('POST /mirror', { ...TEXT, 'Content-Length': '0' }),
    statuses: [200],
    isClosed: true,
    body: 'POST: ',
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'Expect: 100-continue with the body of a GET, which is not read',
    bytes: request('GET /greeting', { ...TEXT, 'Content-Length': '5' }),
    statuses: [200],
    isClosed: true,
    body: 'Hello World',
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'Expect: 100-continue with the body of a HEAD, which is not read',
    bytes: request('HEAD /greeting', { ...TEXT, 'Content-Length': '5' }),
    statuses: [200],
    isClosed: true,
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'Expect: 100-continue with HTTP/1.0, to be ignored',
    bytes:
      'POST /mirror HTTP/1.0\r\nContent-Type: text/plain\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello',
    statuses: [200],
    isClosed: true,
    body: MIRRORED,
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: 'an unknown expectation',
    bytes: request('GET /greeting', { Expect: 'miracles' }),
    statuses: [417],
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: '100-continue and an unknown expectation',
    bytes: request('GET /greeting', { Expect: '100-continue, miracles' }),
    statuses: [417],
    isClosed: true,
  },
  {
    section: 'RFC 9110 §10.1.1',
    sent: '100-continue twice',
    bytes: [
      request('POST /mirror', {
        ...TEXT,
        Expect: '100-continue, 100-continue',
        'Content-Length': '5',
      }),
      'hello',
    ],
    statuses: [100, 200],
    body: MIRRORED,
  },
]

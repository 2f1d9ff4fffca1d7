import t from 'tap'
import { connectionProblem, writeLastReply } from '../../../src/http/connection-problem.ts'
import type { Problem } from '../../../src/http/problem.ts'
import { SECURITY_FIELDS } from '../../../src/http/security-fields.ts'

const MALFORMED = { status: 400, detail: 'the request is malformed' }
const BEFORE = 'GET /a HTTP/1.1\r\nHost: h\r\n\r\n'

/** Node's error code, the received bytes, the number of parsed bytes, and the expected problem. */
const ERRORS: [code: string, bytes: string, parsed: number, problem: Problem][] = [
  ['ERR_HTTP_REQUEST_TIMEOUT', '', 0, { status: 408 }],
  [
    'HPE_INVALID_METHOD',
    'FOO /a HTTP/1.1\r\nHost: h\r\n\r\n',
    1,
    { status: 501, detail: 'no resource supports FOO' },
  ],
  [
    'HPE_INVALID_METHOD',
    'FOO /a HTTP/1.0\r\n\r\n',
    0,
    { status: 501, detail: 'no resource supports FOO' },
  ],
  [
    'HPE_INVALID_METHOD',
    `${BEFORE}FOO /a HTTP/1.1\r\n\r\n`,
    BEFORE.length + 1,
    { status: 501, detail: 'no resource supports FOO' },
  ],
  ['HPE_INVALID_METHOD', 'F(O /a HTTP/1.1\r\n\r\n', 1, MALFORMED],
  ['HPE_INVALID_METHOD', 'NOT HTTP\r\n\r\n', 1, MALFORMED],
  ['HPE_INVALID_METHOD', 'FOO /a HTTP/1.10\r\n\r\n', 1, MALFORMED],
  ['HPE_INVALID_VERSION', 'GET /a HTTP/1.2\r\n\r\n', 14, { status: 505, detail: 'use HTTP/1.1' }],
  ['HPE_INVALID_URL', 'GET /a\x01 HTTP/1.1\r\n\r\n', 7, MALFORMED],
  [
    'HPE_INVALID_URL',
    'GET /a?b=\xc3\xa9 HTTP/1.1\r\n\r\n',
    10,
    {
      status: 400,
      detail:
        'the target has characters other than ASCII; percent-encode them, such as é as %C3%A9',
    },
  ],
  ['HPE_INVALID_VERSION', 'GET /a HTTP/11\r\n\r\n', 14, MALFORMED],
  [
    'HPE_PAUSED_H2_UPGRADE',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    24,
    { status: 505, detail: 'use HTTP/1.1' },
  ],
  ['HPE_HEADER_OVERFLOW', `GET /${'a'.repeat(20_000)}`, 20_005, { status: 414 }],
  ['HPE_HEADER_OVERFLOW', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n\r\n`, 20_005, { status: 414 }],
  [
    'HPE_HEADER_OVERFLOW',
    `${BEFORE.slice(0, -2)}X: ${'a'.repeat(20_000)}`,
    20_000,
    { status: 431 },
  ],
  ['HPE_HEADER_OVERFLOW', 'a'.repeat(20_000), 20_000, { status: 431 }],
  ['HPE_INVALID_HEADER_TOKEN', BEFORE, 20, MALFORMED],
]

for (const [code, bytes, bytesParsed, problem] of ERRORS) {
  t.test(
    `connectionProblem() returns ${problem.status} for ${code} of ${JSON.stringify(bytes.slice(0, 30))}`,
    async (t) => {
      const error = Object.assign(new Error(), {
        code,
        rawPacket: Buffer.from(bytes),
        bytesParsed,
      })
      t.strictSame(connectionProblem(error), problem)
    },
  )
}

t.test(
  'connectionProblem() returns 400 for an invalid method if the received bytes are unknown',
  async (t) => {
    t.strictSame(
      connectionProblem(Object.assign(new Error(), { code: 'HPE_INVALID_METHOD' })),
      MALFORMED,
    )
  },
)

t.test('writeLastReply() writes a complete response', async (t) => {
  const [head = '', body = ''] = writeLastReply({ status: 431 }, 'an-id').split('\r\n\r\n')
  const [statusLine, ...fields] = head.split('\r\n')
  t.equal(statusLine, 'HTTP/1.1 431 Request Header Fields Too Large')
  t.match(fields, [
    /^Date: .* GMT$/,
    'Connection: close',
    'Cache-Control: no-store',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${body.length}`,
    ...Object.entries(SECURITY_FIELDS).map(([name, value]) => `${name}: ${value}`),
    'X-Request-Id: an-id',
  ])
  t.same(JSON.parse(body), { status: 431, message: 'Request Header Fields Too Large' })
})

import { NO_STORE } from './cache-policy.ts'
import { JSON_TYPE } from './media-types.ts'
import { type Problem, reasonOf, writeProblem } from './problem.ts'
import { SECURITY_FIELDS } from './security-fields.ts'

/** Error of Node's HTTP parser. */
export interface ParseError extends Error {
  code: string
  /** The bytes that were received last, as a Buffer. `bytesParsed` is the number of these bytes that were parsed. */
  rawPacket?: unknown
  bytesParsed?: number
}

/** The response to CONNECT (RFC 9110 §9.3.6). */
export const TUNNEL_REFUSED: Problem = { status: 501, detail: 'no resource supports CONNECT' }

const VERSION_NOT_SUPPORTED: Problem = { status: 505, detail: 'use HTTP/1.1' }

/** Functions that return the problem of a line that could not be parsed, keyed by Node's error code. */
const PROBLEMS = new Map<string, (line: string) => Problem | undefined>([
  ['ERR_HTTP_REQUEST_TIMEOUT', () => ({ status: 408 })],
  ['HPE_HEADER_OVERFLOW', (line) => ({ status: LONG_REQUEST_LINE.test(line) ? 414 : 431 })],
  ['HPE_INVALID_METHOD', methodProblem],
  ['HPE_INVALID_URL', targetProblem],
  ['HPE_INVALID_VERSION', (line) => (OTHER_VERSION.test(line) ? VERSION_NOT_SUPPORTED : undefined)],
  ['HPE_PAUSED_H2_UPGRADE', () => VERSION_NOT_SUPPORTED],
])

/** A request line (RFC 9112 §3), complete or cut off. */
const LONG_REQUEST_LINE = /^[A-Z]+ \S+(?: HTTP\/1\.[01])?$/

/** A request line with any method (RFC 9110 §9.1). */
const REQUEST_LINE = /^([\w!#$%&'*+.^`|~-]+) \S+ HTTP\/1\.[01]$/

/** A request line with any version (RFC 9112 §2.3). */
const OTHER_VERSION = /^\S+ \S+ HTTP\/\d\.\d$/

/**
 * Returns the problem of bytes that Node cannot parse: 408, 414, 431, 501 or 505 (RFC 9110 §15.5, §15.6, RFC
 * 6585 §5), otherwise 400.
 */
export function connectionProblem(error: ParseError): Problem {
  const problem = PROBLEMS.get(error.code)?.(lineOf(error))
  return problem ?? { status: 400, detail: 'the request is malformed' }
}

function methodProblem(line: string): Problem | undefined {
  const [, method] = REQUEST_LINE.exec(line) ?? []
  return method ? { status: 501, detail: `no resource supports ${method}` } : undefined
}

/** Clients such as curl send a URL as it was typed, so name the reason if it is not in ASCII. */
function targetProblem(line: string): Problem | undefined {
  if (!/[\x80-\xff]/.test(line)) return undefined
  const detail =
    'the target has characters other than ASCII; percent-encode them, such as é as %C3%A9'
  return { status: 400, detail }
}

/** Returns the line that could not be parsed, or its part that was received. */
function lineOf({ rawPacket, bytesParsed = 0 }: ParseError): string {
  const text = Buffer.isBuffer(rawPacket) ? rawPacket.toString('latin1') : ''
  const begin = text.lastIndexOf('\n', bytesParsed - 1) + 1
  const end = text.indexOf('\r\n', begin)
  return text.slice(begin, end < 0 ? undefined : end)
}

/** Writes a complete response (RFC 9112 §2.1) with the tutorial's error document. The caller closes the connection. */
export function writeLastReply(problem: Problem, requestId: string): string {
  const body = writeProblem(problem, JSON_TYPE)
  return [
    `HTTP/1.1 ${problem.status} ${reasonOf(problem.status)}`,
    `Date: ${new Date().toUTCString()}`,
    'Connection: close',
    `Cache-Control: ${NO_STORE}`,
    `Content-Type: ${JSON_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...Object.entries(SECURITY_FIELDS).map(([name, value]) => `${name}: ${value}`),
    `X-Request-Id: ${requestId}`,
    '',
    body,
  ].join('\r\n')
}

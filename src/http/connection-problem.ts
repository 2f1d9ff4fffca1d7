import { JSON_TYPE } from './media-types.ts'
import { type Problem, reasonOf, writeProblem } from './problem.ts'

/** What Node refuses before there is a request, by its codes. */
const PROBLEMS = new Map<string, Problem>([
  ['HPE_HEADER_OVERFLOW', { status: 431 }],
  ['ERR_HTTP_REQUEST_TIMEOUT', { status: 408 }],
])

/** What to tell a client of an error below HTTP's requests; anything unknown is malformed. */
export function connectionProblem(code: string): Problem {
  return PROBLEMS.get(code) ?? { status: 400, detail: 'the request is malformed' }
}

/**
 * Writes a whole reply (RFC 9112 §2.1) in the tutorial's JSON, for a connection that has no request
 * and ends with it.
 */
export function writeLastReply(problem: Problem, requestId: string): string {
  const body = writeProblem(problem, JSON_TYPE)
  return [
    `HTTP/1.1 ${problem.status} ${reasonOf(problem.status)}`,
    `Date: ${new Date().toUTCString()}`,
    'Connection: close',
    `Content-Type: ${JSON_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'X-Content-Type-Options: nosniff',
    `X-Request-Id: ${requestId}`,
    '',
    body,
  ].join('\r\n')
}

import { type Problem, reasonOf } from '../../src/http/problem.ts'
import type { ResponseField } from '../../src/schemas/response-fields.ts'

/** Description, example and header fields of an error status. */
export interface Failure {
  description: string
  detail?: string
  violations?: Problem['violations']
  fields?: readonly ResponseField[]
  /** Header fields that are optional in responses with this status, but required in responses with other statuses. */
  optionalFields?: readonly ResponseField[]
}

export const FAILURES: Record<number, Failure> = {
  400: {
    description: 'The request is malformed or does not match its schema',
    detail: 'params/id must be integer',
    violations: [{ in: 'params', pointer: '/id', message: 'must be integer' }],
  },
  401: { description: 'Credentials are missing or wrong', fields: ['WWW-Authenticate'] },
  403: {
    description:
      'The account lacks the scope that WWW-Authenticate names, or the write came from a page of another origin',
    detail: 'scope write is required',
    optionalFields: ['WWW-Authenticate'],
  },
  404: { description: 'No resource has this URL', detail: 'http://127.0.0.1:5000/0' },
  406: {
    description: 'No media type in Accept is available',
    detail: 'no acceptable media type; available: application/json',
  },
  409: {
    description:
      'The request conflicts with the current state, or a request with the same Idempotency-Key is ' +
      'still being handled; then Retry-After says when to repeat it',
    fields: ['Retry-After'],
  },
  412: {
    description: 'The current ETag does not match the precondition',
    detail: 'If-Match: the resource has changed, and so has its ETag',
  },
  413: { description: 'The body is too large', detail: 'the body is larger than 1048576 bytes' },
  415: {
    description: 'The media type, charset or content coding of the body is not supported',
    detail: 'text/plain; supported: application/json',
    fields: ['Accept', 'Accept-Encoding', 'Accept-Patch'],
  },
  416: {
    description: 'The requested range begins after the end of the representation',
    detail: 'the range begins after the end: the representation has 12 bytes',
    fields: ['Content-Range'],
  },
  422: { description: 'The request is well-formed but cannot be carried out' },
  428: {
    description: 'If-Match is required',
    detail: 'If-Match with the current ETag is required',
  },
  429: {
    description: 'The client has sent too many requests or failed logins',
    detail: 'limit of 600 requests per minute reached',
    fields: ['Retry-After'],
  },
  500: { description: 'The service failed; the log has the cause under the request id' },
  503: {
    description: 'The service is overloaded or cannot reach its database',
    fields: ['Retry-After'],
  },
  507: { description: 'The storage is full' },
}

/** Failures of every operation. */
export const COMMON_FAILURES = [400, 406, 429, 500, 503]

/** Failures of requests that do not reach an operation; operations do not list them. */
export const UNROUTED_FAILURES = [405, 408, 414, 417, 421, 431, 501, 505]

/** Returns the component name of a failure: the reason phrase without spaces. */
export function failureName(status: string): string {
  return status === 'default' ? 'Failure' : reasonOf(Number(status)).replaceAll(' ', '')
}

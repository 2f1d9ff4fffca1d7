import { STATUS_CODES } from './node-http.ts'
import type { Violation } from './validation.ts'

/** Error codes and their statuses (RFC 9110 §15.5, §15.6). */
const STATUS = {
  BAD_REQUEST: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  NOT_ACCEPTABLE: 406,
  CONFLICT: 409,
  PRECONDITION_FAILED: 412,
  CONTENT_TOO_LARGE: 413,
  URI_TOO_LONG: 414,
  UNSUPPORTED_MEDIA_TYPE: 415,
  RANGE_NOT_SATISFIABLE: 416,
  EXPECTATION_FAILED: 417,
  MISDIRECTED_REQUEST: 421,
  UNPROCESSABLE_CONTENT: 422,
  PRECONDITION_REQUIRED: 428,
  TOO_MANY_REQUESTS: 429, // RFC 6585 §4
  NOT_IMPLEMENTED: 501,
  SERVICE_UNAVAILABLE: 503,
  HTTP_VERSION_NOT_SUPPORTED: 505,
  INSUFFICIENT_STORAGE: 507, // RFC 4918 §11.5
} as const
export type ErrorCode = keyof typeof STATUS

interface Extras {
  /** Header fields that tell the client how to succeed: Allow, Accept, WWW-Authenticate. */
  headers?: Record<string, string | string[]>
  /** Invalid members of the request. */
  violations?: Violation[]
  /** Further members of the error document (RFC 9457 §3.2). */
  members?: object
}

/**
 * An error for the client. The client sees `detail`, so put nothing internal there. The error has no stack, since
 * it is not logged, and capturing a stack costs as much as the rest of the response.
 */
export class HttpError extends Error {
  readonly code: ErrorCode
  readonly statusCode: number
  readonly detail: string | undefined
  readonly headers: Record<string, string | string[]>
  readonly violations: Violation[] | undefined
  readonly members: object | undefined

  constructor(
    code: ErrorCode,
    detail?: string,
    { headers = {}, violations, members }: Extras = {},
  ) {
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    super(detail ?? STATUS_CODES[STATUS[code]])
    Error.stackTraceLimit = stackTraceLimit
    this.code = code
    this.statusCode = STATUS[code]
    this.detail = detail
    this.headers = headers
    this.violations = violations
    this.members = members
  }
}

const RETRY_AFTER_SECONDS = '1'

/** Returns a 503 with Retry-After (RFC 9110 §15.6.4). */
export function unavailable(detail?: string, { headers, ...extras }: Extras = {}): HttpError {
  return new HttpError('SERVICE_UNAVAILABLE', detail, {
    headers: { 'retry-after': RETRY_AFTER_SECONDS, ...headers },
    ...extras,
  })
}

/** @throws {HttpError} 404 if the resource is undefined */
export function existing<Resource>(resource: Resource | undefined): Resource {
  if (resource === undefined) throw new HttpError('NOT_FOUND')
  return resource
}

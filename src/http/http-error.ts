import { STATUS_CODES } from './node-http.ts'
import type { Violation } from './validation.ts'

/** Every refusal that the service makes of its own, with its status (RFC 9110 §15.5, §15.6). */
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
  /** Fields that tell the client the way out: Allow, Accept, WWW-Authenticate. */
  headers?: Record<string, string | string[]>
  /** What is wrong with the members of the request. */
  violations?: Violation[]
  /** Further members of the document (RFC 9457 §3.2). */
  members?: object
}

/**
 * A refusal that is meant for the client: `detail` is shown to it, so it holds nothing internal. It has no
 * stack: nobody reads it, and to find it out takes as long as the rest of a refusal's document.
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

/** Seconds after which a client may try again what could not be done now. */
const RETRY_AFTER = '1'

/** Tells a client to try later (RFC 9110 §15.6.4). */
export function unavailable(detail?: string, { headers, ...extras }: Extras = {}): HttpError {
  return new HttpError('SERVICE_UNAVAILABLE', detail, {
    headers: { 'retry-after': RETRY_AFTER, ...headers },
    ...extras,
  })
}

/**
 * Gives what was looked for.
 *
 * @throws {HttpError} 404 where it is not there.
 */
export function existing<Resource>(resource: Resource | undefined): Resource {
  if (resource === undefined) throw new HttpError('NOT_FOUND')
  return resource
}

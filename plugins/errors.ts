import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { selectMediaType } from '../src/http/accept.ts'
import { HttpError } from '../src/http/http-error.ts'
import { HTML, JSON_TYPE } from '../src/http/media-types.ts'
import { PROBLEM_TYPES, type Problem, writeProblem } from '../src/http/problem.ts'
import { ValidationError } from '../src/http/validation.ts'
import { logRequest } from './logging.ts'

/**
 * Errors: the tutorial's "Status Codes & Errors".
 *
 * The one place that shapes the body of a failure, wherever it arose: in a handler, in validation,
 * in the router (`frameworkErrors`) or below it (`clientErrorHandler`). The client reads the
 * tutorial's JSON, or on request problem details (RFC 9457), XML, text or HTML. What went wrong
 * inside stays in the log, under the request's id.
 */
export default fp(
  async (app) => {
    app.setErrorHandler(sendError)
  },
  { name: 'errors', dependencies: ['logging', 'debug'] },
)

/** Fields that describe a representation which the failure has taken the place of. */
const OF_THE_SUCCESS = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-length',
  'content-range',
  'etag',
  'last-modified',
  'link',
  'location',
]

/** Answers with the problem that the error amounts to, in the media type that the client prefers. */
async function sendError(thrown: unknown, request: FastifyRequest, reply: FastifyReply) {
  const problem = problemOf(thrown, request)
  const failed = problem.status >= 500 && !(thrown instanceof HttpError)
  if (failed) request.log.error({ err: thrown }, 'request failed')

  for (const name of OF_THE_SUCCESS) reply.removeHeader(name)
  const mediaType = selectMediaType(request.headers.accept, PROBLEM_TYPES) ?? JSON_TYPE
  reply
    .code(problem.status)
    .headers(thrown instanceof HttpError ? thrown.headers : {})
    .headers({
      'content-type': mediaType,
      vary: 'Accept',
      'x-content-type-options': 'nosniff',
      'x-request-id': request.id,
    })
    .serializer((text: string) => text) // or Fastify adds a charset to what has none
  if (failed && mediaType === HTML && request.server.drawError) {
    return reply.send(await request.server.drawError(thrown, request))
  }
  return reply.send(writeProblem(problem, mediaType))
}

/** Answers what the router refuses; no hook runs for it, so the line in the log is left here. */
export async function sendFrameworkError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  await sendError(error, request, reply)
  logRequest(request, reply)
}

/** What Fastify refuses of its own, in words that do not name its insides. */
const FRAMEWORK_DETAILS = new Map<unknown, (request: FastifyRequest) => string>([
  ['FST_ERR_BAD_URL', () => 'the path is not valid percent-encoded UTF-8'],
  ['FST_ERR_MAX_PARAM_LENGTH', () => 'a segment of the path is too long'],
  [
    'FST_ERR_CTP_BODY_TOO_LARGE',
    ({ routeOptions }) => `the body is larger than ${routeOptions.bodyLimit} octets`,
  ],
  ['FST_ERR_CTP_INVALID_CONTENT_LENGTH', () => 'the body is not as long as Content-Length says'],
])

/** What to tell the client. Only what was written for it is quoted; anything else is told as its status. */
function problemOf(thrown: unknown, request: FastifyRequest): Problem {
  if (thrown instanceof ValidationError) return invalid(thrown)
  const { statusCode, code, expose, message } = Object(thrown)
  const isFailure = Number.isInteger(statusCode) && statusCode >= 400 && statusCode < 600
  const status = isFailure ? statusCode : 500
  if (status === 404) return { status, detail: urlOf(request) }
  if (thrown instanceof HttpError) {
    return { status, detail: thrown.detail, violations: thrown.violations }
  }
  // `expose` is how http-errors, behind `app.httpErrors`, marks what a client may read
  const detail = FRAMEWORK_DETAILS.get(code)?.(request) ?? (expose === true ? message : undefined)
  return { status, detail: status < 500 ? detail : undefined }
}

function invalid(error: ValidationError & { validationContext?: string }): Problem {
  const part = error.validationContext ?? 'body'
  const violations = error.violations.map((violation) => ({ in: part, ...violation }))
  return { status: 400, detail: `${part}${error.message}`, violations }
}

/** The URL as the client asked for it. */
function urlOf(request: FastifyRequest): string {
  const { protocol, host, originalUrl } = request
  return originalUrl.startsWith('/') ? `${protocol}://${host}${originalUrl}` : originalUrl
}

/** What Node refuses before there is a request, with its status. */
const SOCKET_PROBLEMS: Record<string, Problem> = {
  HPE_HEADER_OVERFLOW: { status: 431 },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408 },
}

/** Answers what never became a request, in the same document as everything else, and hangs up. */
export function sendClientError(
  this: FastifyInstance,
  error: Error & { code: string },
  socket: Socket,
) {
  // the client is gone, or an answer is already on its way: another would be read as part of it
  if (!socket.writable || socket.bytesWritten > 0) {
    socket.destroy()
    return
  }
  const problem = SOCKET_PROBLEMS[error.code] ?? { status: 400, detail: 'the request is malformed' }
  const id = randomUUID()
  this.log.info({ reqId: id, status: problem.status, reason: error.code }, 'connection refused')
  const body = writeProblem(problem, JSON_TYPE)
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
      `Date: ${new Date().toUTCString()}`,
      'Connection: close',
      `Content-Type: ${JSON_TYPE}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'X-Content-Type-Options: nosniff',
      `X-Request-Id: ${id}`,
      '',
      body,
    ].join('\r\n'),
  )
}

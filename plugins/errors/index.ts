import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { LRUCache } from 'lru-cache'
import { endRequest, runHooks } from '../../src/hooks.ts'
import { selectMediaType } from '../../src/http/accept.ts'
import { HttpError, unavailable } from '../../src/http/http-error.ts'
import { HTML, JSON_TYPE, NEGOTIATED } from '../../src/http/media-types.ts'
import { validateHeaderName, validateHeaderValue } from '../../src/http/node-http.ts'
import {
  errorDocument,
  PROBLEM_TYPES,
  type Problem,
  reasonOf,
  writeProblem,
} from '../../src/http/problem.ts'
import { absoluteUrl } from '../../src/http/request-target.ts'
import { DEBUG_PAGE_POLICY } from '../../src/http/security-fields.ts'
import { ValidationError } from '../../src/http/validation.ts'
import { DatabaseFull, DatabaseUnavailable } from '../../src/storage/engines/failure.ts'

/**
 * Errors: the tutorial's "Status Codes & Errors".
 *
 * The one place that shapes the body of a failure, wherever it arose: in a handler, in validation or
 * in the router (`frameworkErrors`); what fails below that is in `plugins/connection/index.ts`. The client
 * reads the tutorial's JSON, or on request problem details (RFC 9457), XML, text or HTML. What went
 * wrong inside stays in the log, under the request's id.
 */
export default fp(
  async (app) => {
    app.setErrorHandler(sendError)
  },
  { name: 'errors', fastify: '5.x' },
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
function sendError(thrown: unknown, request: FastifyRequest, reply: FastifyReply) {
  const refusal = refusalOf(thrown)
  const problem = problemOf(refusal, request)
  const failed = problem.status >= 500 && !(thrown instanceof HttpError)
  if (failed) request.log.error({ err: thrown }, 'request failed')

  for (const name of OF_THE_SUCCESS) if (reply.hasHeader(name)) reply.removeHeader(name)
  // where there is no route, nobody has put others in the place of those that the hooks have set
  if (!request.is404) runHooks('onErrorReply', request, reply)
  // Fastify hangs up on every body that is refused: needless where it was read to its end
  if (request.raw.complete && reply.hasHeader('connection')) reply.removeHeader('connection')
  const { challenges } = request.server
  if (problem.status === 401 && challenges) reply.header('www-authenticate', challenges)
  const mediaType = chooseProblemType(request)
  reply
    .code(problem.status)
    .headers(refusal instanceof HttpError ? refusal.headers : {})
    .headers(NEGOTIATED)
    .header('content-type', mediaType)
    .serializer((text: string) => text) // or Fastify adds a charset to what has none
  reply.raw.statusMessage = reasonOf(problem.status)
  // where there is no route, nobody has set any
  if (!request.is404) dropUnwritable(reply)
  const trace = request.server.explainError?.(reply, refusal, problem.detail)
  if (mediaType !== HTML) {
    // at once: there is nothing to wait for
    reply.send(writeProblem(problem, mediaType))
    return
  }
  const { renderDebugPage } = request.server
  if (failed && renderDebugPage) {
    reply.header('content-security-policy', DEBUG_PAGE_POLICY)
    return renderDebugPage(thrown, request, trace).then((page) => reply.send(page))
  }
  reply.send(writeErrorPage(problem, reply, trace))
}

function writeErrorPage(problem: Problem, reply: FastifyReply, trace?: string[]): string {
  const document = errorDocument(problem)
  const title = `${problem.status} ${reasonOf(problem.status)}`
  return reply.server.renderPage?.(reply, { title, lead: document.message, document, trace }) ?? ''
}

/** Choices that are remembered, by the value of Accept: most clients send one of a few. */
const choices = new LRUCache<string, string>({ max: 50 })

function chooseProblemType({ headers: { accept = '' }, server }: FastifyRequest): string {
  const chosen = choices.get(accept) ?? selectMediaType(accept, PROBLEM_TYPES) ?? JSON_TYPE
  choices.set(accept, chosen)
  // Pages come from the plugin html-pages, which is optional.
  return chosen === HTML && !server.renderPage ? JSON_TYPE : chosen
}

/** Drops fields that Node does not write: they would fail the error too, and Fastify answer in its words. */
function dropUnwritable(reply: FastifyReply) {
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    try {
      validateHeaderName(name)
      validateHeaderValue(name, String(value))
    } catch {
      reply.removeHeader(name)
    }
  }
}

/** Answers what the router refuses; no hook runs for it, so what they do is done here. */
export async function sendFrameworkError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  runHooks('onErrorReply', request, reply)
  await sendError(framingError(request, reply) ?? error, request, reply)
  endRequest(request.server, request, reply)
}

/** What is wrong with the head comes before what is wrong with the path: it may end the connection. */
function framingError(request: FastifyRequest, reply: FastifyReply): unknown {
  try {
    runHooks('onFrameworkError', request, reply)
    return undefined
  } catch (error) {
    return error
  }
}

/** What Fastify refuses of its own, in words that do not name its insides. */
const FRAMEWORK_DETAILS = new Map<unknown, (request: FastifyRequest) => string>([
  ['FST_ERR_BAD_URL', () => 'the path is not valid percent-encoded UTF-8'],
  ['FST_ERR_MAX_PARAM_LENGTH', () => 'a segment of the path is too long'],
  [
    'FST_ERR_CTP_BODY_TOO_LARGE',
    ({ routeOptions }) => `the body is larger than ${routeOptions.bodyLimit} bytes`,
  ],
  [
    'FST_ERR_CTP_INVALID_CONTENT_LENGTH',
    () => 'the length of the body differs from Content-Length',
  ],
])

/** What the database cannot do now is no fault of the service's, and the client may try again. */
function refusalOf(thrown: unknown): unknown {
  if (thrown instanceof DatabaseFull) return new HttpError('INSUFFICIENT_STORAGE')
  return thrown instanceof DatabaseUnavailable ? unavailable() : thrown
}

/** What to tell the client. Only what was written for it is quoted; anything else is told as its status. */
function problemOf(thrown: unknown, request: FastifyRequest): Problem {
  if (thrown instanceof ValidationError) return invalid(thrown)
  const { statusCode, code, expose, message } = Object(thrown)
  const isFailure = Number.isInteger(statusCode) && statusCode >= 400 && statusCode < 600
  const status = isFailure ? statusCode : 500
  if (status === 404) return { status, detail: absoluteUrl(request) }
  if (thrown instanceof HttpError) {
    const { detail, violations, members } = thrown
    return { status, detail, violations, members }
  }
  // `expose` is how http-errors, behind `app.httpErrors`, marks what a client may read
  const detail = FRAMEWORK_DETAILS.get(code)?.(request) ?? (expose === true ? message : undefined)
  return { status, detail: status < 500 ? detail : undefined }
}

function invalid(error: ValidationError & { validationContext?: string }): Problem {
  const part = error.validationContext ?? 'body'
  return { status: 400, detail: `${part}${error.message}`, violations: error.violationsIn(part) }
}

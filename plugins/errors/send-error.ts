/** The error handler. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { runHooks } from '../../src/hooks.ts'
import { HttpError } from '../../src/http/http-error.ts'
import { HTML, NEGOTIATED_VARY } from '../../src/http/media-types.ts'
import { validateHeaderName, validateHeaderValue } from '../../src/http/node-http.ts'
import {
  errorDocument,
  PROBLEM_TYPES,
  type Problem,
  reasonOf,
  writeProblem,
} from '../../src/http/problem.ts'
import { createProblemTypeChooser } from '../../src/http/problem-type.ts'
import { DEBUG_PAGE_POLICY } from '../../src/http/security-fields.ts'
import { mapDatabaseError, problemOf } from './error-problem.ts'
import { logFailure } from './log-failure.ts'

const chooseType = createProblemTypeChooser(PROBLEM_TYPES)
const chooseTypeWithoutPages = createProblemTypeChooser(
  PROBLEM_TYPES.filter((mediaType) => mediaType !== HTML),
)

/**
 * Counts the request if it is not counted yet. Then sends the error, or 429 if the client has no requests left. An error
 * that closes the connection is sent in any case, since the end of the request is unclear.
 *
 * @returns a promise if Redis counts the request
 */
export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const send = (thrown: unknown) => writeError(thrown, request, reply)
  const sendLimit = (limit: unknown) => send(closesConnection(error) ? error : limit)
  try {
    const counting = request.server.countRequest?.(reply)
    // Fastify waits for the response if the promise has the reply as its value.
    if (counting) return counting.then(() => send(error), sendLimit).then(() => reply)
  } catch (limit) {
    return sendLimit(limit)
  }
  return send(error)
}

function closesConnection(error: unknown): boolean {
  return error instanceof HttpError && error.headers.connection === 'close'
}

/** Writes an error in the media type that the client prefers, and logs unexpected errors. */
function writeError(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const mapped = mapDatabaseError(error, request)
  const problem = problemOf(mapped, request)
  const isUnexpected = problem.status >= 500 && !(error instanceof HttpError)
  if (isUnexpected) logFailure(error, request)

  const { accept } = request.headers
  const { renderPage, renderDebugPage, describeUnexpected, explainError } = request.server
  const mediaType = renderPage ? chooseType(accept) : chooseTypeWithoutPages(accept)
  const headers = mapped instanceof HttpError ? mapped.headers : {}
  setErrorFields(request, reply, { status: problem.status, mediaType, headers })
  const trace = explainError?.(reply, mapped, problem.detail)
  if (!renderPage || mediaType !== HTML) {
    const detail = isUnexpected && describeUnexpected ? describeUnexpected(error) : problem.detail
    reply.send(writeProblem({ ...problem, detail }, mediaType)) // returning a promise would delay the response
    return
  }
  if (isUnexpected && renderDebugPage) {
    reply.header('content-security-policy', DEBUG_PAGE_POLICY)
    return renderDebugPage(error, request, trace).then((page) => reply.send(page))
  }
  reply.send(renderPage(reply, { ...pageOf(problem), trace }))
}

function pageOf(problem: Problem) {
  const document = errorDocument(problem)
  const title = `${problem.status} ${reasonOf(problem.status)}`
  return { title, lead: document.message, document }
}

/** Header fields of the original response that would be wrong for the error document. */
const ORIGINAL_FIELDS = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-length',
  'content-location',
  'content-range',
  'etag',
  'last-modified',
  'link',
  'location',
  'preference-applied',
  'x-total-count',
]

interface ErrorHead {
  status: number
  mediaType: string
  /** Header fields that tell the client how to succeed: Allow, Accept, Retry-After. */
  headers: Record<string, string | string[]>
}

/** Sets status and header fields of an error, and removes header fields of the original response. */
function setErrorFields(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, mediaType, headers }: ErrorHead,
): void {
  // Restores the header fields that the hooks have set, since a handler may have changed them. Without a route, no handler
  // ran.
  if (!request.is404) {
    for (const name of ORIGINAL_FIELDS) if (reply.hasHeader(name)) reply.removeHeader(name)
    runHooks('onErrorReply', request, reply)
  }
  // Fastify sets `Connection: close` if it refuses a body. After the whole body was read, this is not needed.
  if (request.raw.complete && reply.hasHeader('connection')) reply.removeHeader('connection')
  const { challenges } = request.server
  if (status === 401 && challenges) reply.header('www-authenticate', challenges)
  reply
    .code(status)
    .headers(headers)
    .header('vary', NEGOTIATED_VARY)
    .header('content-type', mediaType)
    .serializer((text: string) => text) // otherwise Fastify adds a charset to problem+json
  reply.raw.statusMessage = reasonOf(status)
  if (!request.is404) removeInvalidFields(reply)
}

/** Removes header fields that Node would refuse; otherwise the error response would fail. */
function removeInvalidFields(reply: FastifyReply) {
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    try {
      validateHeaderName(name)
      validateHeaderValue(name, String(value))
    } catch {
      reply.removeHeader(name)
    }
  }
}

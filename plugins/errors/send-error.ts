/** The error handler. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { HttpError } from '../../src/http/http-error.ts'
import { HTML } from '../../src/http/media-types.ts'
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
import { setErrorFields } from './reply-fields.ts'

const chooseType = createProblemTypeChooser(PROBLEM_TYPES)
const chooseTypeWithoutPages = createProblemTypeChooser(
  PROBLEM_TYPES.filter((mediaType) => mediaType !== HTML),
)

/** Sends an error in the media type that the client prefers; logs it if it is unexpected. */
export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const mapped = mapDatabaseError(error)
  const problem = problemOf(mapped, request)
  const isUnexpected = problem.status >= 500 && !(error instanceof HttpError)
  if (isUnexpected) request.log.error({ err: error }, 'request failed')

  const { accept } = request.headers
  const { renderPage, renderDebugPage, explainError } = request.server
  const mediaType = renderPage ? chooseType(accept) : chooseTypeWithoutPages(accept)
  const headers = mapped instanceof HttpError ? mapped.headers : {}
  setErrorFields(request, reply, { status: problem.status, mediaType, headers })
  const trace = explainError?.(reply, mapped, problem.detail)
  if (!renderPage || mediaType !== HTML) {
    reply.send(writeProblem(problem, mediaType)) // not by a promise, which would only delay it
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

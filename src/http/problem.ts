import { STATUS_CODES } from 'node:http'
import type { Static } from 'typebox'
import type { ErrorDocument, ProblemDocument } from '../schemas/problem.ts'
import { writePage } from './html.ts'
import { HTML, JSON_TYPE, PROBLEM_JSON, PROBLEM_XML, TEXT, XML } from './media-types.ts'
import type { Violation } from './validation.ts'
import { writeXml } from './xml.ts'

/** What the client is told about a failure. */
export interface Problem {
  status: number
  /** What is special about this occurrence, if it may be told. */
  detail?: string | undefined
  violations?: Violation[] | undefined
}

const WRITERS: Record<string, (problem: Problem) => string> = {
  [JSON_TYPE]: (problem) => JSON.stringify(errorDocument(problem)),
  [PROBLEM_JSON]: (problem) => JSON.stringify(problemDocument(problem)),
  [PROBLEM_XML]: (problem) => writeXml('problem', problemDocument(problem), 'urn:ietf:rfc:7807'),
  [XML]: (problem) => writeXml('error', errorDocument(problem)),
  [TEXT]: (problem) => `${problem.status} ${errorDocument(problem).message}\n`,
  [HTML]: (problem) =>
    writePage(`${problem.status} ${titleOf(problem)}`, errorDocument(problem).message),
}

/** The media types that a problem can be written in; the first is the default, the tutorial's. */
export const PROBLEM_TYPES = Object.keys(WRITERS)

/**
 * Writes a problem in one of `PROBLEM_TYPES`: the tutorial's document of a status and a message, or
 * problem details (RFC 9457 §3, and its XML form in appendix B).
 */
export function writeProblem(problem: Problem, mediaType: string): string {
  const write = WRITERS[mediaType]
  if (!write) throw new TypeError(`no problem can be written as ${mediaType}`)
  return write(problem)
}

/** Where Node still has the name that RFC 9110 §15.5.14 replaced. */
const RENAMED: Record<number, string> = { 413: 'Content Too Large' }

function titleOf({ status }: Problem): string {
  return RENAMED[status] ?? STATUS_CODES[status] ?? 'Unknown'
}

function errorDocument(problem: Problem): Static<typeof ErrorDocument> {
  const { status, detail, violations } = problem
  const message = detail === undefined ? titleOf(problem) : `${titleOf(problem)}: ${detail}`
  return {
    status,
    // the tutorial's own words for this one
    message: status === 401 ? 'Authenticate.' : message,
    ...(violations && { errors: violations }),
  }
}

function problemDocument(problem: Problem): Static<typeof ProblemDocument> {
  const { status, detail, violations } = problem
  return {
    type: 'about:blank',
    title: titleOf(problem),
    status,
    ...(detail !== undefined && { detail }),
    ...(violations && { errors: violations }),
  }
}

import { type Static, Type } from 'typebox'
import { HTML, JSON_TYPE, PROBLEM_JSON, PROBLEM_XML, TEXT, XML } from './media-types.ts'
import { STATUS_CODES } from './node-http.ts'
import { TOLD, Violation } from './validation.ts'
import { formatXml } from './xml.ts'

const status = Type.Integer({
  minimum: 400,
  maximum: 599,
  description: 'The status code of the answer',
})
const errors = Type.Optional(
  Type.Array(Violation, {
    maxItems: TOLD,
    description: 'What is wrong with the members of the request',
  }),
)

/** The tutorial's error document, and the service's default. */
export const ErrorDocument = Type.Object(
  {
    status,
    message: Type.String({ description: 'What went wrong, in words' }),
    errors,
  },
  { title: 'Error', description: 'A failure, in short' },
)

/** Problem details for HTTP APIs (RFC 9457 §3.1). */
export const ProblemDocument = Type.Object(
  {
    type: Type.String({ format: 'uri-reference', description: 'The kind of problem' }),
    title: Type.String({ description: 'The kind of problem, in words' }),
    status,
    detail: Type.Optional(Type.String({ description: 'What is special about this occurrence' })),
    errors,
  },
  { title: 'Problem', description: 'A failure as problem details (RFC 9457)' },
)

/** What the client is told about a failure. */
export interface Problem {
  status: number
  /** What is special about this occurrence, if it may be told. */
  detail?: string | undefined
  violations?: Violation[] | undefined
  /** What the document has besides. */
  members?: object | undefined
}

/** RFC 9457 appendix B. */
const RFC_9457_XML = { namespace: 'urn:ietf:rfc:7807', item: 'i' }

const WRITERS: Record<string, (problem: Problem) => string> = {
  [JSON_TYPE]: (problem) => JSON.stringify(errorDocument(problem)),
  [PROBLEM_JSON]: (problem) => JSON.stringify(problemDocument(problem)),
  [PROBLEM_XML]: (problem) => formatXml('problem', problemDocument(problem), RFC_9457_XML),
  [XML]: (problem) => formatXml('error', errorDocument(problem)),
  [TEXT]: (problem) => `${problem.status} ${errorDocument(problem).message}\n`,
}

/** The media types that a problem can be written in; the first is the default, the tutorial's. */
export const PROBLEM_TYPES = [...Object.keys(WRITERS), HTML]

/**
 * Writes a problem in one of `PROBLEM_TYPES` but HTML: the tutorial's document of a status and a
 * message, or problem details (RFC 9457 §3, and its XML form in appendix B).
 */
export function writeProblem(problem: Problem, mediaType: string): string {
  const write = WRITERS[mediaType]
  if (!write) throw new TypeError(`no problem can be written as ${mediaType}`)
  return write(problem)
}

/** Where Node still has the names that RFC 9110 §15.5.14 and §15.5.21 replaced. */
const RENAMED: Record<number, string> = {
  413: 'Content Too Large',
  422: 'Unprocessable Content',
}

/** The reason phrase of a status. */
export function reasonOf(status: number): string {
  return RENAMED[status] ?? STATUS_CODES[status] ?? 'Unknown'
}

/** The tutorial's document of a problem, as data. */
export function errorDocument(problem: Problem): Static<typeof ErrorDocument> {
  const { status, detail, violations, members } = problem
  const message =
    detail === undefined ? reasonOf(problem.status) : `${reasonOf(problem.status)}: ${detail}`
  return {
    status,
    // the tutorial's own words for this one
    message: status === 401 ? 'Authenticate.' : message,
    ...(violations && { errors: violations }),
    ...members,
  }
}

function problemDocument(problem: Problem): Static<typeof ProblemDocument> {
  const { status, detail, violations, members } = problem
  return {
    type: 'about:blank',
    title: reasonOf(problem.status),
    status,
    ...(detail !== undefined && { detail }),
    ...(violations && { errors: violations }),
    ...members,
  }
}

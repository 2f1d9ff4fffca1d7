import { type Static, Type } from 'typebox'
import { HTML, JSON_TYPE, PROBLEM_JSON, PROBLEM_XML, TEXT, XML } from './media-types.ts'
import { STATUS_CODES } from './node-http.ts'
import { MAX_VIOLATIONS, Violation } from './validation.ts'
import { formatXml } from './xml.ts'

/** Title of the schema of errors, and its name in the OpenAPI document. */
export const PROBLEM_TITLE = 'Problem'

/**
 * Error document of each media type for programs. They have one schema, so that generated clients have one type for
 * errors.
 */
export const ProblemDocument = Type.Object(
  {
    status: Type.Integer({
      minimum: 400,
      maximum: 599,
      description: 'Status code of the response',
    }),
    message: Type.String({
      description: 'Reason phrase of the status, and the details, if any',
    }),
    errors: Type.Optional(
      Type.Array(Violation, {
        maxItems: MAX_VIOLATIONS,
        description: 'Members of the request that are invalid',
      }),
    ),
    type: Type.Optional(
      Type.String({ format: 'uri-reference', description: 'Type of the problem' }),
    ),
    title: Type.Optional(Type.String({ description: 'Summary of the problem type' })),
    detail: Type.Optional(Type.String({ description: 'Explanation of this error' })),
  },
  {
    title: PROBLEM_TITLE,
    description:
      'An error. Problem details (RFC 9457) also have `type` and `title`, and `detail` if there is an explanation.',
    examples: [{ status: 404, message: 'Not Found' }],
  },
)
type ProblemDocument = Static<typeof ProblemDocument>

/** An error as clients see it. */
export interface Problem {
  status: number
  /** Explanation of this error for clients, if any. */
  detail?: string | undefined
  violations?: Violation[] | undefined
  /** Further members of the document (RFC 9457 §3.2). */
  members?: object | undefined
}

/** Namespace of problem details in XML (RFC 9457 appendix B). */
export const PROBLEM_NAMESPACE = 'urn:ietf:rfc:7807'

/** Problem details in XML: the namespace, and the element name of list items. */
const RFC_9457_XML = { namespace: PROBLEM_NAMESPACE, item: 'i' }

const WRITERS: Record<string, (problem: Problem) => string> = {
  [JSON_TYPE]: (problem) => JSON.stringify(errorDocument(problem)),
  [PROBLEM_JSON]: (problem) => JSON.stringify(problemDocument(problem)),
  [PROBLEM_XML]: (problem) => formatXml('problem', problemDocument(problem), RFC_9457_XML),
  [XML]: (problem) => formatXml('error', errorDocument(problem)),
  [TEXT]: (problem) => `${problem.status} ${errorDocument(problem).message}\n`,
}

/** Media types of an error document. The first is the default, as in the tutorial. */
export const PROBLEM_TYPES = [...Object.keys(WRITERS), HTML]

/**
 * Writes a problem as the tutorial's error document (status and message), or as problem details (RFC 9457 §3;
 * appendix B for XML).
 *
 * @param mediaType one of `PROBLEM_TYPES` except HTML
 * @throws {TypeError} for any other media type
 */
export function writeProblem(problem: Problem, mediaType: string): string {
  const write = WRITERS[mediaType]
  if (!write) throw new TypeError(`a problem cannot be written as ${mediaType}`)
  return write(problem)
}

/** Reason phrases of RFC 9110 (§15.5.14, §15.5.21); Node still has older ones. */
const REASONS: Record<number, string> = {
  413: 'Content Too Large',
  422: 'Unprocessable Content',
}

export function reasonOf(status: number): string {
  return REASONS[status] ?? STATUS_CODES[status] ?? 'Unknown'
}

/** Returns the tutorial's error document for a problem: status and message. */
export function errorDocument(problem: Problem): ProblemDocument {
  const { status, violations, members } = problem
  return {
    status,
    message: messageOf(problem),
    ...(violations && { errors: violations }),
    ...members,
  }
}

function problemDocument(problem: Problem): ProblemDocument {
  const { status, detail, violations, members } = problem
  return {
    type: 'about:blank',
    title: reasonOf(status),
    status,
    message: messageOf(problem),
    ...(detail !== undefined && { detail }),
    ...(violations && { errors: violations }),
    ...members,
  }
}

function messageOf({ status, detail }: Problem): string {
  if (status === 401) return 'Authenticate.' // the tutorial's text
  return detail === undefined ? reasonOf(status) : `${reasonOf(status)}: ${detail}`
}

import { essenceOf, HTML } from '../../src/http/media-types.ts'
import {
  ErrorDocument,
  PROBLEM_TYPES,
  type Problem,
  ProblemDocument,
  reasonOf,
  writeProblem,
} from '../../src/http/problem.ts'
import type { ResponseField } from '../../src/schemas/response-fields.ts'
import {
  COMMON_FIELDS,
  RESPONSE_FIELDS,
  referToHeaders,
} from '../../src/schemas/response-fields.ts'
import { FAILURES, type Failure, failureName, UNROUTED_FAILURES } from './failures.ts'
import type { Content, Response } from './openapi.ts'

const OTHER_FAILURES =
  'Any other failure. A request that does not reach an operation gets one of ' +
  `${UNROUTED_FAILURES.join(', ')}. A 405 response has the header field Allow.`

/** Builds the response of each failure, by component name; `Failure` is the default response. */
export function failureResponses(): Record<string, Response> {
  const responses = Object.entries(FAILURES).map(([status, failure]) => [
    failureName(status),
    responseOf({ status: Number(status), ...failure }),
  ])
  const headers = referToHeaders([...COMMON_FIELDS, 'Allow'])
  const other = { description: OTHER_FAILURES, headers, content: contentOf() }
  return { ...Object.fromEntries(responses), [failureName('default')]: other }
}

function responseOf({
  description,
  fields = [],
  optionalFields = [],
  ...problem
}: Failure & Problem): Response {
  return {
    description: `${reasonOf(problem.status)}: ${description}`,
    headers: { ...referToHeaders([...COMMON_FIELDS, ...fields]), ...optional(optionalFields) },
    content: contentOf(problem),
  }
}

function optional(fields: readonly ResponseField[]) {
  return Object.fromEntries(
    fields.map((name) => [name, { ...RESPONSE_FIELDS[name], required: false }]),
  )
}

/** Returns the content of an error response for each media type. The example is the body that the service sends. */
function contentOf(problem?: Problem): Content {
  return Object.fromEntries(
    PROBLEM_TYPES.map((mediaType) => {
      const essence = essenceOf(mediaType)
      const isProblem = essence.startsWith('application/problem+')
      const data = isProblem ? ProblemDocument : ErrorDocument
      const schema = essence.startsWith('text/') ? { type: 'string' } : data
      // In OpenAPI, an example of an XML response is data, not XML. A page is too long for an example.
      const hasExample = problem && !essence.endsWith('xml') && mediaType !== HTML
      return [essence, { schema, ...(hasExample && { example: exampleOf(problem, mediaType) }) }]
    }),
  )
}

function exampleOf(problem: Problem, mediaType: string): unknown {
  const text = writeProblem(problem, mediaType)
  return mediaType.includes('json') ? JSON.parse(text) : text
}

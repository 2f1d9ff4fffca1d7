import { essenceOf, JSON_TYPE, PROBLEM_JSON, PROBLEM_XML, XML } from '../../src/http/media-types.ts'
import {
  PROBLEM_NAMESPACE,
  PROBLEM_TITLE,
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
  const other = { description: OTHER_FAILURES, headers, content: contentOf({ status: 405 }) }
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

/** Names of the XML elements of an error document. */
const XML_NAMES = {
  [XML]: { name: 'error' },
  [PROBLEM_XML]: { name: 'problem', namespace: PROBLEM_NAMESPACE },
}

/**
 * Returns the content of an error response for each media type for programs. The example is the body that the service
 * sends. Text and HTML are left out, so that generated clients have one type for errors.
 */
function contentOf(problem: Problem): Content {
  const json = [JSON_TYPE, PROBLEM_JSON].map((mediaType) => [
    essenceOf(mediaType),
    { schema: ProblemDocument, example: JSON.parse(writeProblem(problem, mediaType)) },
  ])
  // In OpenAPI, an example of an XML document is data, not XML: the schema has it.
  const xml = Object.entries(XML_NAMES).map(([mediaType, xml]) => [
    essenceOf(mediaType),
    { schema: { $ref: `#/components/schemas/${PROBLEM_TITLE}`, xml } },
  ])
  return Object.fromEntries([...json, ...xml])
}

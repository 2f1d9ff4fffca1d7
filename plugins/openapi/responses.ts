import type { ResponseField } from '../../src/schemas/response-fields.ts'
import {
  COMMON_FIELDS,
  FIELDS_BY_STATUS,
  referToHeaders,
} from '../../src/schemas/response-fields.ts'
import { putJsonFirst } from './content.ts'
import { COMMON_FAILURES, failureName } from './failures.ts'
import type { Operation, Reference, Response } from './openapi.ts'

/**
 * Adds header fields to each successful response, replaces each failure by a reference to a component, and adds the
 * failures that all operations share.
 */
export function completeResponses(declared: Operation['responses']): Operation['responses'] {
  const statuses = [...Object.keys(declared), ...COMMON_FAILURES.map(String), 'default']
  return Object.fromEntries(
    [...new Set(statuses)].sort().map((status) => {
      const response = declared[status]
      if (response && 'description' in response && status < '400') {
        // A 304 has the header fields that the 200 would have (RFC 9110 §15.4.5).
        const inherited = status === '304' ? Object(declared[200]).headers : {}
        const headers = { ...inherited, ...response.headers }
        return [status, completeSuccess(status, { ...response, headers })]
      }
      return [status, { $ref: `#/components/responses/${failureName(status)}` }]
    }),
  )
}

function completeSuccess(status: string, response: Response): Response {
  const ofStatus: readonly ResponseField[] = FIELDS_BY_STATUS[Number(status)] ?? []
  const fields = new Set([...COMMON_FIELDS, ...ofStatus, ...fieldsOf(response)])
  const headers = { ...referToHeaders([...fields]), ...describedFields(response) }
  const { content } = response
  return { ...response, headers, ...(content && { content: putJsonFirst(content) }) }
}

/** Returns the header fields that the route's schema declares for a response. */
export function fieldsOf(response: Response | Reference | undefined): string[] {
  return Object.keys(Object(response).headers ?? {})
}

/** Returns the header fields that a plugin has described for this route, such as its Cache-Control. */
function describedFields({ headers = {} }: Response) {
  return Object.fromEntries(Object.entries(headers).filter(([, header]) => 'description' in header))
}

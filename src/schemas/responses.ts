import { STATUS_CODES } from 'node:http'
import { type TSchema, Type } from 'typebox'
import {
  essenceOf,
  HTML,
  JSON_TYPE,
  PROBLEM_JSON,
  PROBLEM_XML,
  TEXT,
  XML,
} from '../http/media-types.ts'
import { ErrorDocument, ProblemDocument } from '../http/problem.ts'

/** How a route that works with `request.once` describes its promise. */
export const DONE_ONCE =
  'A request with Idempotency-Key is done once: for 24 hours the same request under the same key, ' +
  'octet for octet, gets the first answer again. While the first is being answered, that is 409; ' +
  'another request under the key is 422.'

const text = { schema: Type.String() }

/** What each media type of a failure holds. */
const PROBLEM_CONTENT = {
  [essenceOf(JSON_TYPE)]: { schema: ErrorDocument },
  [PROBLEM_JSON]: { schema: ProblemDocument },
  [PROBLEM_XML]: { schema: ProblemDocument },
  [essenceOf(XML)]: { schema: ErrorDocument },
  [essenceOf(TEXT)]: text,
  [essenceOf(HTML)]: text,
}

/** A success that is given as JSON, XML and HTML, all from data of one schema. */
export function data(description: string, schema: TSchema, variants: Record<string, TSchema> = {}) {
  const content = {
    [essenceOf(JSON_TYPE)]: { schema },
    [essenceOf(XML)]: { schema },
    [essenceOf(HTML)]: text,
    ...Object.fromEntries(
      Object.entries(variants).map(([mediaType, variant]) => [mediaType, { schema: variant }]),
    ),
  }
  return { description, content }
}

/** The same with the tutorial's text, which a client that has no preference gets. */
export function textOrData(...parameters: Parameters<typeof data>) {
  const { description, content } = data(...parameters)
  return { description, content: { [essenceOf(TEXT)]: text, ...content } }
}

/** A success without content. */
export function empty(description: string) {
  return { description, type: 'null' }
}

/** The failures that a route can answer with, by status; any can answer 406 and 500. */
export function problems(...statuses: number[]) {
  return Object.fromEntries(
    [406, 500, ...statuses].map((status) => [
      status,
      { description: STATUS_CODES[status], content: PROBLEM_CONTENT },
    ]),
  )
}

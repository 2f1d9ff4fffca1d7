import { type TSchema, Type } from 'typebox'
import type { ReplyField } from '../../plugins/openapi/fields.ts'
import { essenceOf, HTML, JSON_TYPE, TEXT, XML } from '../http/media-types.ts'
import { reasonOf } from '../http/problem.ts'

const text = { schema: Type.String() }

/** What there is to say of a success besides its data. */
interface Extras {
  /** Media types of their own that say something else, each with its schema. */
  variants?: Record<string, TSchema>
  /** The tutorial's text, for one. */
  example?: string
  /** Header fields that this has, besides those that follow from its status. */
  fields?: readonly ReplyField[]
}

/** Fields of what has versions, and with them moments. */
export const VERSIONED = ['ETag', 'Last-Modified'] as const

/** A success that is given as JSON, XML and HTML, all from data of one schema. */
export function dataResponse(
  description: string,
  schema: TSchema,
  { variants = {}, fields = [] }: Extras = {},
) {
  const content = {
    [essenceOf(JSON_TYPE)]: { schema },
    [essenceOf(XML)]: { schema },
    [essenceOf(HTML)]: text,
    ...Object.fromEntries(
      Object.entries(variants).map(([mediaType, variant]) => [mediaType, { schema: variant }]),
    ),
  }
  return { description, content, headers: named(fields) }
}

/** The same with the tutorial's text, which a client that has no preference gets. */
export function textOrDataResponse(description: string, schema: TSchema, extras: Extras = {}) {
  const { content, ...rest } = dataResponse(description, schema, extras)
  const { example } = extras
  const shown = { ...text, ...(example !== undefined && { example }) }
  return { ...rest, content: { [essenceOf(TEXT)]: shown, ...content } }
}

/** A success that is as the handler says: not negotiated, or in media types that hold no data. */
export function contentResponse(
  description: string,
  content: Record<string, { schema: TSchema; example?: unknown }>,
  fields: readonly ReplyField[] = [],
) {
  return { description, content, headers: named(fields) }
}

/** Header fields by name; `plugins/openapi/fields.ts` describes them. */
function named(fields: readonly ReplyField[]) {
  return Object.fromEntries(fields.map((name) => [name, {}]))
}

/** A success without content. */
export function noContent(description: string) {
  return { description, type: 'null' }
}

/**
 * The failures that a route can answer with, by status; any can answer 406 and 500. What they hold is
 * the same for all, and described by `plugins/openapi/failures.ts`.
 */
export function problemResponses(...statuses: number[]) {
  return Object.fromEntries([406, 500, ...statuses].map((status) => [status, problem(status)]))
}

const described: Record<number, { description: string }> = {}

/** One for each status, so that there is one to compile. */
function problem(status: number) {
  described[status] ??= { description: reasonOf(status) }
  return described[status]
}

import { type TSchema, Type } from 'typebox'
import { essenceOf, HTML, JSON_TYPE, TEXT, XML } from '../http/media-types.ts'
import { reasonOf } from '../http/problem.ts'
import type { ResponseField } from './response-fields.ts'

const text = { schema: Type.String() }

interface ResponseOptions {
  /** Schemas by additional media type, for representations with other data. */
  variants?: Record<string, TSchema>
  /** Example of the plain text. */
  example?: string
  /** Header fields, besides those that depend on the status. */
  fields?: readonly ResponseField[]
}

/** Header fields of resources with versions. */
export const VERSIONED = ['ETag', 'Last-Modified'] as const

/** Declares a success response with data of one schema as JSON, XML or HTML. */
export function dataResponse(
  description: string,
  schema: TSchema,
  { variants = {}, fields = [] }: ResponseOptions = {},
) {
  const content = {
    [essenceOf(JSON_TYPE)]: { schema },
    [essenceOf(XML)]: { schema },
    [essenceOf(HTML)]: text,
    ...Object.fromEntries(
      Object.entries(variants).map(([mediaType, variant]) => [mediaType, { schema: variant }]),
    ),
  }
  return { description, content, headers: headersOf(fields) }
}

/** Declares a `dataResponse` that is also available as plain text, by default (the tutorial's texts). */
export function textOrDataResponse(
  description: string,
  schema: TSchema,
  extras: ResponseOptions = {},
) {
  const { content, ...rest } = dataResponse(description, schema, extras)
  const { example } = extras
  const plainText = { ...text, ...(example !== undefined && { example }) }
  return { ...rest, content: { [essenceOf(TEXT)]: plainText, ...content } }
}

/** Declares a success response with explicit media types: not negotiated, or not JSON data. */
export function contentResponse(
  description: string,
  content: Record<string, { schema: TSchema; example?: unknown }>,
  fields: readonly ResponseField[] = [],
) {
  return { description, content, headers: headersOf(fields) }
}

/** Names the header fields; the OpenAPI plugin adds their descriptions. */
function headersOf(fields: readonly ResponseField[]) {
  return Object.fromEntries(fields.map((name) => [name, {}]))
}

/** Declares a success response without content. */
export function noContent(description: string) {
  return { description, type: 'null' }
}

/**
 * Declares error responses by status, and adds 406 and 500, which every route can send. Their content is the
 * same for all routes; `plugins/openapi/failures.ts` describes it.
 */
export function problemResponses(...statuses: number[]) {
  return Object.fromEntries([406, 500, ...statuses].map((status) => [status, problem(status)]))
}

/**
 * Adds error responses to a route, if it declares responses at all. Plugins call this in an onRoute hook, for the
 * errors that they cause.
 */
export function addProblemResponses(
  { schema }: { schema?: { response?: unknown } },
  ...statuses: number[]
): void {
  if (schema?.response) schema.response = { ...schema.response, ...problemResponses(...statuses) }
}

const problems: Record<number, { description: string }> = {}

/** Returns the same object per status, so that Fastify compiles each schema once. */
function problem(status: number) {
  problems[status] ??= { description: reasonOf(status) }
  return problems[status]
}

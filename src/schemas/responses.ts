import { type TSchema, Type } from 'typebox'
import { essenceOf, HTML, JSON_TYPE, TEXT, XML } from '../http/media-types.ts'
import { reasonOf } from '../http/problem.ts'
import type { ResponseField } from './response-fields.ts'

const text = { schema: Type.String() }

interface ResponseOptions {
  /** Schemas of additional media types whose data differs from the JSON, by media type. */
  variants?: Record<string, TSchema>
  /** Example of the plain text. */
  example?: string
  /** Header fields, in addition to those in `FIELDS_BY_STATUS`. */
  fields?: readonly ResponseField[]
}

/** Header fields of resources with versions. */
export const VERSIONED = ['ETag', 'Last-Modified'] as const

/** Header fields of pages of a list. */
export const PAGED = ['Link', 'ETag', 'X-Total-Count', 'Preference-Applied'] as const

/** Declares a success response: data as JSON, XML or HTML. */
export function dataResponse(
  description: string,
  schema: TSchema,
  { variants = {}, fields = [] }: ResponseOptions = {},
) {
  const content = {
    [essenceOf(JSON_TYPE)]: { schema },
    [essenceOf(XML)]: { schema },
    [essenceOf(HTML)]: { ...text, example: `<!doctype html><title>${description}</title>` },
    ...Object.fromEntries(
      Object.entries(variants).map(([mediaType, variant]) => [mediaType, { schema: variant }]),
    ),
  }
  return { description, content, headers: headersOf(fields) }
}

/** Declares a success response: plain text by default, as in the tutorial, or data as JSON, XML or HTML. */
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

/** Declares a success response with the media types in `content`. */
export function contentResponse(
  description: string,
  content: Record<string, { schema: TSchema; example?: unknown }>,
  fields: readonly ResponseField[] = [],
) {
  return { description, content, headers: headersOf(fields) }
}

/** Declares header fields by name; the plugin `openapi` adds the descriptions. */
function headersOf(fields: readonly ResponseField[]) {
  return Object.fromEntries(fields.map((name) => [name, {}]))
}

/** Declares a success response without content. */
export function noContent(description: string) {
  return { description, type: 'null' }
}

/**
 * Declares an error response for each given status, and in addition for 406 and 500, which every route can send. Error
 * documents are the same for all routes; `plugins/openapi/failures.ts` describes them.
 */
export function problemResponses(...statuses: number[]) {
  return Object.fromEntries([406, 500, ...statuses].map((status) => [status, problem(status)]))
}

/**
 * Adds error responses to a route that declares responses. In an onRoute hook, plugins call this function for the
 * errors that they cause.
 */
export function addProblemResponses(
  { schema }: { schema?: { response?: unknown } },
  ...statuses: number[]
): void {
  if (schema?.response) schema.response = { ...schema.response, ...problemResponses(...statuses) }
}

/** Declares a response of a route that declares responses. */
export function addResponse(
  { schema }: { schema?: { response?: unknown } },
  status: number,
  response: object,
): void {
  if (schema?.response) schema.response = { ...schema.response, [status]: response }
}

/** Declares header fields of the responses with these statuses, as far as the route declares the responses. */
export function addResponseFields(
  { schema }: { schema?: { response?: unknown } },
  statuses: readonly number[],
  fields: Record<string, object>,
): void {
  const response: Record<string, { headers?: object }> = { ...Object(schema?.response) }
  for (const status of statuses) {
    const declared = response[status]
    if (!declared) continue
    response[status] = { ...declared, headers: { ...declared.headers, ...fields } }
  }
  if (schema) schema.response = response
}

const problems: Record<number, { description: string }> = {}

/** Returns the error response of a status, always as the same object, so that Fastify compiles each schema once. */
function problem(status: number) {
  problems[status] ??= { description: reasonOf(status) }
  return problems[status]
}

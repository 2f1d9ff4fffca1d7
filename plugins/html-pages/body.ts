import { stringify } from 'node:querystring'
import { consumedBy, kindOf } from '../../src/http/body.ts'
import { JSON_PATCH, MERGE_PATCH } from '../../src/http/patch.ts'
import { jsonToXml } from '../../src/http/representation.ts'
import { isUnsafe, type RouteInfo } from '../../src/http/route-info.ts'
import { escapePointer } from '../../src/http/validation.ts'
import { exampleOf, type Schema } from './example.ts'

/** Initial text of a request body in a form. */
export interface Draft {
  mediaType: string
  text: string
}

/**
 * Returns a draft for each media type that the route accepts and a text area can contain. For PUT and PATCH, the draft
 * is the current representation if known. Otherwise, and for other methods, the draft is the example of the schema.
 *
 * @param routes all routes of the resource
 * @param current JSON of the resource; undefined if not known
 */
export function draftsOf(
  route: RouteInfo,
  routes: readonly RouteInfo[],
  current: unknown,
): Draft[] {
  const { method, schema } = route
  if (!isUnsafe(route) || (method === 'DELETE' && !schema.body)) return []
  const editable = method === 'POST' ? undefined : editableMembers(routes, current, method)
  return consumedBy(schema.body).flatMap((mediaType) => {
    const text = draft(mediaType, schemaOf(schema.body, mediaType), editable)
    return text === undefined ? [] : [{ mediaType, text }]
  })
}

type Members = Record<string, unknown>

/**
 * Returns those members of the current JSON that PUT accepts, or the first of them for PATCH; undefined if the JSON
 * lacks a member that PUT requires.
 */
function editableMembers(
  routes: readonly RouteInfo[],
  current: unknown,
  method: string,
): Members | undefined {
  const put = routes.find(({ method }) => method === 'PUT')
  if (!put || current === undefined) return undefined
  const { properties, required = [] } = schemaOf(put.schema.body, 'application/json')
  const members = Object.entries(Object(current)).filter(
    ([name]) => !properties || Object.hasOwn(properties, name),
  )
  const editable = Object.fromEntries(members)
  if (!required.every((name) => Object.hasOwn(editable, name))) return undefined
  return method === 'PATCH' ? Object.fromEntries(members.slice(0, 1)) : editable
}

/** Returns the schema of a body in a media type. */
export function schemaOf(body: unknown, mediaType: string): Schema {
  const { content } = Object(body)
  return (content ? content[mediaType]?.schema : body) ?? {}
}

/** Returns undefined for multipart, and for binary data without an example. */
function draft(mediaType: string, schema: Schema, editable: Members | undefined) {
  const kind = kindOf(mediaType)
  if (kind === 'multipart') return undefined
  if (kind === 'json') return JSON.stringify(draftJson(mediaType, schema, editable), null, 2)
  const [text] = schema.examples ?? []
  if (typeof text === 'string') return text
  if (kind === 'text') return String(exampleOf({ type: 'string', ...schema }, 'Hello'))
  const example = Object(exampleOf(schema))
  if (kind === 'form') return stringify(example)
  return kind === 'xml' ? jsonToXml(schema.title ?? 'example', JSON.stringify(example)) : undefined
}

function draftJson(mediaType: string, schema: Schema, editable: Members | undefined): unknown {
  const [name, value] = Object.entries(editable ?? {})[0] ?? ['name', 'value']
  if (mediaType === MERGE_PATCH) return { [name]: value }
  if (mediaType === JSON_PATCH) return [{ op: 'replace', path: `/${escapePointer(name)}`, value }]
  return editable ?? exampleOf(schema)
}

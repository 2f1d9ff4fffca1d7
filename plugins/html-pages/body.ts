import { consumedBy } from '../../src/http/body.ts'
import { JSON_PATCH, MERGE_PATCH } from '../../src/http/patch.ts'
import { isWrite, type RouteInfo } from '../../src/http/route-info.ts'
import { escapePointer } from '../../src/http/validation.ts'
import { exampleOf, type Schema } from './example.ts'

/** The initial text of a form's body. */
export interface Draft {
  mediaType: string
  text: string
}

/** Media types without a draft, since a text area cannot contain a file. */
const BINARY_TYPES = ['multipart/form-data', 'application/octet-stream']

/**
 * Returns a draft for each text media type that a route accepts: for PUT and PATCH, the current representation
 * if known, otherwise an example.
 *
 * @param routes of the resource
 * @param current JSON of the resource; undefined if not known
 */
export function draftsOf(
  route: RouteInfo,
  routes: readonly RouteInfo[],
  current: unknown,
): Draft[] {
  const { method, schema } = route
  if (!isWrite(route) || (method === 'DELETE' && !schema.body)) return []
  const editable = method === 'POST' ? undefined : editableMembers(routes, current)
  return consumedBy(schema.body)
    .filter((mediaType) => !BINARY_TYPES.includes(mediaType))
    .map((mediaType) => ({
      mediaType,
      text: draft(mediaType, schemaOf(schema.body, mediaType), editable),
    }))
}

type Members = Record<string, unknown>

/**
 * Returns those members of the current JSON that PUT accepts; undefined if the JSON lacks a member that PUT requires.
 */
function editableMembers(routes: readonly RouteInfo[], current: unknown): Members | undefined {
  const put = routes.find(({ method }) => method === 'PUT')
  if (!put || current === undefined) return undefined
  const { properties, required = [] } = schemaOf(put.schema.body, 'application/json')
  const members = Object.entries(Object(current)).filter(
    ([name]) => !properties || Object.hasOwn(properties, name),
  )
  const editable = Object.fromEntries(members)
  return required.every((name) => Object.hasOwn(editable, name)) ? editable : undefined
}

function schemaOf(body: unknown, mediaType: string): Schema {
  const { content } = Object(body)
  return (content ? content[mediaType]?.schema : body) ?? {}
}

function draft(mediaType: string, schema: Schema, editable: Members | undefined): string {
  if (mediaType.endsWith('/xml')) return '<text>Hello</text>'
  if (mediaType === 'application/x-www-form-urlencoded') return 'text=Hello'
  if (mediaType === 'text/plain') return 'Hello'
  return JSON.stringify(draftJson(mediaType, schema, editable), null, 2)
}

function draftJson(mediaType: string, schema: Schema, editable: Members | undefined): unknown {
  const [name, value] = Object.entries(editable ?? {})[0] ?? ['name', 'value']
  if (mediaType === MERGE_PATCH) return { [name]: value }
  if (mediaType === JSON_PATCH) return [{ op: 'replace', path: `/${escapePointer(name)}`, value }]
  return editable ?? exampleOf(schema)
}

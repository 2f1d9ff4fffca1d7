import { consumedBy } from '../../src/http/body.ts'
import { JSON_PATCH, MERGE_PATCH } from '../../src/http/patch.ts'
import { isWrite, type RouteInfo } from '../../src/http/route-info.ts'
import { escapePointer } from '../../src/http/validation.ts'
import { exampleOf, type Schema } from './example.ts'

/** A body to begin with. */
export interface Draft {
  mediaType: string
  text: string
}

/** What is not written by hand: files, and what browsers write. */
const NOT_TYPED = ['multipart/form-data', 'application/octet-stream']

/**
 * Drafts a body for each media type that a form can hold: of what is there now, where it is to be
 * replaced or changed, or else an example.
 *
 * @param operations of the resource.
 * @param current what it is now, as JSON; undefined where that is not known.
 */
export function draftsOf(
  operation: RouteInfo,
  operations: readonly RouteInfo[],
  current: unknown,
): Draft[] {
  const { method, schema } = operation
  if (!isWrite(operation) || (method === 'DELETE' && !schema.body)) return []
  const editable = method === 'POST' ? undefined : editableOf(operations, current)
  return consumedBy(schema.body)
    .filter((mediaType) => !NOT_TYPED.includes(mediaType))
    .map((mediaType) => ({
      mediaType,
      text: draft(mediaType, schemaOf(schema.body, mediaType), editable),
    }))
}

type Members = Record<string, unknown>

/** The members of what is there that a client may say, by the schema of what can replace it. */
function editableOf(operations: readonly RouteInfo[], current: unknown): Members | undefined {
  const put = operations.find(({ method }) => method === 'PUT')
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

import { stringify } from 'node:querystring'
import { consumedBy, kindOf } from '../../src/http/body.ts'
import { JSON_PATCH, MERGE_PATCH } from '../../src/http/patch.ts'
import { jsonToXml } from '../../src/http/representation.ts'
import { isUnsafe, type RouteInfo } from '../../src/http/route-info.ts'
import { escapePointer } from '../../src/http/validation.ts'
import type { FormPart } from './curl.ts'
import { exampleOf, type Schema } from './example.ts'

/** Initial request body of a form: a text, or the parts of a form, or otherwise a file. */
export interface Draft {
  mediaType: string
  text?: string
  parts?: FormPart[]
}

/**
 * Returns a draft for each media type that the route accepts. For PUT and PATCH, the draft is the current representation
 * if known. Otherwise, and for other methods, the draft is the example of the schema.
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
  return consumedBy(schema.body).map((mediaType) => {
    const bodySchema = schemaOf(schema.body, mediaType)
    if (kindOf(mediaType) === 'multipart') return { mediaType, parts: partsOf(bodySchema) }
    const text = draft(mediaType, bodySchema, editable)
    return text === undefined ? { mediaType } : { mediaType, text }
  })
}

type Members = Record<string, unknown>

/**
 * Returns those members of the current JSON that PUT accepts; undefined if the JSON lacks a member that PUT requires. For
 * PATCH, returns only the first of them, or of the example of PUT, since a patch of any other members would not apply.
 */
function editableMembers(
  routes: readonly RouteInfo[],
  current: unknown,
  method: string,
): Members | undefined {
  const put = routes.find(({ method }) => method === 'PUT')
  if (!put) return undefined
  const schema = schemaOf(put.schema.body, 'application/json')
  const editable = acceptedMembers(schema, current)
  if (method !== 'PATCH') return editable
  const members = editable ?? acceptedMembers(schema, exampleOf(schema)) ?? {}
  return Object.fromEntries(Object.entries(members).slice(0, 1))
}

function acceptedMembers({ properties, required = [] }: Schema, json: unknown) {
  if (json === undefined) return undefined
  const members = Object.entries(Object(json)).filter(
    ([name]) => !properties || Object.hasOwn(properties, name),
  )
  const accepted: Members = Object.fromEntries(members)
  return required.every((name) => Object.hasOwn(accepted, name)) ? accepted : undefined
}

/** Returns the schema of a body in a media type, with the example of the media type. */
export function schemaOf(body: unknown, mediaType: string): Schema {
  const { content } = Object(body)
  const { schema = {}, example } = content ? Object(content[mediaType]) : { schema: body ?? {} }
  return example === undefined ? schema : { ...schema, examples: [example] }
}

/**
 * Returns a file for each file in the schema, and a text for each member of its example; a single file if the schema has
 * no members.
 */
function partsOf(schema: Schema): FormPart[] {
  const example = Object(exampleOf(schema))
  const parts = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    if (isFile(property)) return { name }
    return Object.hasOwn(example, name) ? { name, value: String(example[name]) } : []
  })
  return parts.length > 0 ? parts : [{ name: 'file' }]
}

function isFile({ contentMediaType, format }: Schema): boolean {
  return contentMediaType !== undefined || format === 'binary'
}

/** Media types of files. Their examples are text, but a text area could not hold other bytes. */
const FILE_TYPE = /^(?:image|audio|video|font)\/|^application\/octet-stream$/

/** Returns undefined for files, and for binary data without an example. */
function draft(mediaType: string, schema: Schema, editable: Members | undefined) {
  if (FILE_TYPE.test(mediaType)) return undefined
  const kind = kindOf(mediaType)
  if (kind === 'json') return JSON.stringify(draftJson(mediaType, schema, editable), null, 2)
  const [text] = schema.examples ?? []
  if (typeof text === 'string' && (kind !== 'xml' || text.startsWith('<'))) return text
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

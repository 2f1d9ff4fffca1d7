import type { RouteInfo } from '../../../src/http/route-info.ts'
import type { Schema } from '../example.ts'
import { templateOf } from '../url-template.ts'

/** An operation of the OpenAPI document, without references. */
export interface Operation {
  /** Last segment of the reference page's path. */
  id: string
  /** In upper case. */
  method: string
  /** Path with `{name}` for each parameter. */
  path: string
  /** First segment of the path, with a slash. */
  group: string
  /** Description of the group's resource; empty if there is none. */
  resource: string
  summary: string
  description: string
  deprecated: boolean
  parameters: Parameter[]
  body?: { content: Content; required?: boolean } | undefined
  responses: [status: string, response: Response][]
}

export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  required?: boolean
  description?: string
  schema: DescribedSchema
  example?: unknown
  deprecated?: boolean
}

export interface Response {
  description: string
  headers?: Record<string, unknown>
  content?: Content
}

export type Content = Record<string, { schema: DescribedSchema; example?: unknown }>

/** The keywords of JSON Schema that a reference page shows. */
export interface DescribedSchema extends Schema {
  description?: string
  pattern?: string
  minLength?: number
  maxLength?: number
  maximum?: number
  minItems?: number
  maxItems?: number
  properties?: Record<string, DescribedSchema>
  items?: DescribedSchema
  anyOf?: readonly DescribedSchema[]
  deprecated?: boolean
  'x-expected'?: string
}

/** The parts of an OpenAPI document from which operations are read. */
interface Document {
  paths: Record<string, Record<string, object>>
  tags?: readonly Tag[]
}

interface Tag {
  name: string
  description?: string
}

/** Methods in the order in which pages list them. */
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

export function compareMethods(one: { method: string }, other: { method: string }): number {
  return METHODS.indexOf(one.method) - METHODS.indexOf(other.method)
}

/** Operations by document. An app always has the same document. */
const read = new WeakMap<object, Operation[]>()

/** Returns the operations of an OpenAPI document, by path and then by method. */
export function readOperations(document: Document): Operation[] {
  const operations = read.get(document) ?? operationsIn(document)
  read.set(document, operations)
  return operations
}

function operationsIn(document: Document): Operation[] {
  const { paths, tags = [] } = document
  const resolve = createResolver(document)
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item)
      .map(([method, operation]) => operationOf(method, path, resolve(operation), tags))
      .sort(compareMethods),
  )
  return makeIdsUnique(operations)
}

/** Numbers equal ids, such as those of `/a-b` and `/a/{b}` without an operationId. Ids of the document come first. */
function makeIdsUnique(operations: SourceOperation[]): Operation[] {
  const used = new Set(operations.flatMap(({ source }) => source.operationId ?? []))
  return operations.map(({ source, ...operation }) => {
    if (source.operationId !== undefined) return operation
    let id = operation.id
    for (let count = 2; used.has(id); count++) id = `${operation.id}-${count}`
    used.add(id)
    return { ...operation, id }
  })
}

/** Members of an operation in the document. */
interface Source {
  operationId?: string
  tags: string[]
  summary?: string
  description?: string
  deprecated?: boolean
  parameters?: Parameter[]
  requestBody?: Operation['body']
  responses: Record<string, Response>
}

type SourceOperation = Operation & { source: Source }

function operationOf(
  method: string,
  path: string,
  operation: unknown,
  tags: readonly Tag[],
): SourceOperation {
  const source = operation as Source // the openapi plugin writes these members
  const { operationId, summary, description = '', deprecated = false, parameters = [] } = source
  return {
    source,
    id: operationId ?? [method, ...path.split(/\W+/)].filter(Boolean).join('-'),
    method: method.toUpperCase(),
    path,
    group: `/${path.split(/[/.]/)[1]}`,
    resource: tags.find(({ name }) => source.tags.includes(name))?.description ?? '',
    summary: summary ?? `${method.toUpperCase()} ${path}`,
    description,
    deprecated,
    parameters,
    body: source.requestBody,
    responses: Object.entries(source.responses),
  }
}

/** Returns a function that copies a part of the document, and replaces each reference by the component. */
function createResolver(document: object) {
  const components = new Map<string, unknown>()
  function resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(resolve)
    if (typeof value !== 'object' || value === null) return value
    const { $ref, ...members } = value as { $ref?: string }
    const copy = Object.fromEntries(
      Object.entries(members).map(([name, member]) => [name, resolve(member)]),
    )
    return $ref === undefined ? copy : { ...Object(componentAt($ref)), ...copy }
  }
  function componentAt(reference: string): unknown {
    if (!components.has(reference)) {
      const names = reference.split('/').slice(1)
      components.set(reference, {}) // a schema that contains itself ends here
      components.set(
        reference,
        resolve(names.reduce((part, name) => Object(part)[name], document as unknown)),
      )
    }
    return components.get(reference)
  }
  return resolve
}

/** Returns the operation of a route. */
export function findOperation(
  operations: readonly Operation[],
  { method, path }: Pick<RouteInfo, 'method' | 'path'>,
): Operation | undefined {
  const template = templateOf(path)
  return operations.find((each) => each.method === method && each.path === template)
}

/** Groups operations by the first segment of their paths. */
export function groupOperations(operations: readonly Operation[]): [string, Operation[]][] {
  return [...Map.groupBy(operations, ({ group }) => group)]
}

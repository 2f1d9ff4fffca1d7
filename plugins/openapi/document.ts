import { RESPONSE_FIELDS } from '../../src/schemas/response-fields.ts'
import { failureResponses } from './failure-responses.ts'
import type { Components, Document, Operation } from './openapi.ts'
import { type CompleteOperation, completeOperation, WILDCARD } from './operation.ts'
import { REQUEST_FIELDS } from './request-fields.ts'
import { createCollection } from './schemas.ts'

/**
 * Completes a document generated from the routes' schemas: adds header fields, credentials, and failures in
 * each media type. Moves repeated parts to the components.
 *
 * @param document OpenAPI 3.1; not modified. Its header fields replace those of the same name. An operation that can
 * return 401 requires one of its security schemes.
 */
export function completeDocument(document: Document): Document {
  const { schemas, collect } = createCollection()
  const { securitySchemes } = document.components
  const credentials = Object.keys(securitySchemes).map((name) => ({ [name]: [] }))
  const operations = nameOperations(
    Object.entries(document.paths).flatMap((entry) => operationsOf(entry, credentials)),
  )
  // `collect` only replaces schemas by references.
  const paths = collect(groupByPath(operations)) as Document['paths']
  const failures = collect(failureResponses()) as Components['responses']
  const responses = referencedBy(paths, 'responses', failures)
  const used = [paths, responses]
  return {
    ...document,
    tags: tagsOf(operations),
    paths,
    components: {
      ...document.components,
      schemas: sortByName(schemas),
      headers: referencedBy(used, 'headers', {
        ...RESPONSE_FIELDS,
        ...document.components.headers,
      }),
      parameters: referencedBy(used, 'parameters', REQUEST_FIELDS),
      responses,
      securitySchemes: usedSchemes(operations, securitySchemes),
    },
  }
}

interface PathOperation {
  path: string
  method: string
  operation: CompleteOperation
  /** Description of the resource, if the route has one. */
  resource: unknown
}

function operationsOf(
  [path, item]: [string, Record<string, Operation>],
  credentials: CompleteOperation['security'],
): PathOperation[] {
  return Object.entries(item).map(([method, operation]) => ({
    path: path.replace('{*}', `{${WILDCARD}}`),
    method,
    operation: completeOperation(method, path, credentials, operation),
    resource: operation['x-resource'],
  }))
}

/** Makes operation names unique. Operations of a route with several methods become `echoGet`, `echoPost`, … */
function nameOperations(operations: PathOperation[]): PathOperation[] {
  const names = operations.map(({ operation }) => operation.operationId)
  return operations.map((each) => {
    const { method, operation } = each
    const { operationId } = operation
    const isShared = names.filter((name) => name === operationId).length > 1
    if (!isShared || operationId === undefined) return each
    const suffix = method.charAt(0).toUpperCase() + method.slice(1)
    return { ...each, operation: { ...operation, operationId: operationId + suffix } }
  })
}

/**
 * Order of the methods of a path. Postman sends each operation once, in this order: PUT then creates the resource that
 * DELETE has removed, for which it needs no If-Match.
 */
const METHODS = ['get', 'post', 'patch', 'delete', 'put']

function groupByPath(operations: PathOperation[]): Document['paths'] {
  const paths: Document['paths'] = {}
  const ordered = operations.toSorted(
    (a, b) => METHODS.indexOf(a.method) - METHODS.indexOf(b.method),
  )
  for (const { path, method, operation } of ordered) {
    paths[path] = { ...paths[path], [method]: operation }
  }
  return sortByName(paths)
}

/** Describes each tag with the `x-resource` in the schema of one of its routes. */
function tagsOf(operations: PathOperation[]): Document['tags'] {
  const tags = new Map<string, unknown>()
  for (const { operation, resource } of operations) {
    for (const name of operation.tags) tags.set(name, tags.get(name) ?? resource)
  }
  return [...tags.keys()].sort().map((name) => {
    const description = tags.get(name)
    return { name, ...(typeof description === 'string' && { description }) }
  })
}

function usedSchemes(operations: PathOperation[], schemes: Components['securitySchemes']) {
  const security = operations.flatMap(({ operation }) => operation.security)
  const names = security.flatMap((requirement) => Object.keys(requirement))
  return Object.fromEntries(Object.entries(schemes).filter(([name]) => names.includes(name)))
}

/** Returns the components that `part` refers to. */
function referencedBy<Component>(
  part: object,
  kind: string,
  components: Record<string, Component>,
): Record<string, Component> {
  const text = JSON.stringify(part)
  const entries = Object.entries(components)
  return Object.fromEntries(
    entries.filter(([name]) => text.includes(`"#/components/${kind}/${name}"`)),
  )
}

function sortByName<Value>(values: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)))
}

import { failures } from './failures.ts'
import { REPLY_FIELDS, REQUEST_FIELDS } from './fields.ts'
import type { Components, Document, Operation } from './openapi.ts'
import { type CompleteOperation, completeOperation, WILDCARD } from './operation.ts'
import { createCollection } from './schemas.ts'

/**
 * Completes a description of the routes' own schemas to one of all that the service does: header fields,
 * credentials, and failures in every media type. What repeats stands among the components.
 *
 * @param document OpenAPI 3.1; it stays as it is.
 */
export function completeDocument(document: Document): Document {
  const { schemas, collect } = createCollection()
  const operations = nameOperations(Object.entries(document.paths).flatMap(operationsOf))
  const paths = collect(byPath(operations)) as Document['paths'] // it gives the same but references
  const all = collect(failures()) as Components['responses']
  const responses = referred(paths, 'responses', all)
  const used = [paths, responses]
  return {
    ...document,
    tags: tagsOf(operations),
    paths,
    components: {
      ...document.components,
      schemas: sorted(schemas),
      headers: referred(used, 'headers', REPLY_FIELDS),
      parameters: referred(used, 'parameters', REQUEST_FIELDS),
      responses,
      securitySchemes: askedFor(operations, document.components.securitySchemes),
    },
  }
}

interface Place {
  path: string
  method: string
  operation: CompleteOperation
}

function operationsOf([path, item]: [string, Record<string, Operation>]): Place[] {
  return Object.entries(item).map(([method, operation]) => ({
    path: path.replace('{*}', `{${WILDCARD}}`),
    method,
    operation: completeOperation(method, path, operation),
  }))
}

/** Names are unique: those of a route with several methods get the method behind theirs. */
function nameOperations(places: Place[]): Place[] {
  const names = places.map(({ operation }) => operation.operationId)
  return places.map((place) => {
    const { method, operation } = place
    const { operationId } = operation
    const isShared = names.filter((name) => name === operationId).length > 1
    if (!isShared || operationId === undefined) return place
    const suffix = method.charAt(0).toUpperCase() + method.slice(1)
    return { ...place, operation: { ...operation, operationId: operationId + suffix } }
  })
}

function byPath(places: Place[]): Document['paths'] {
  const paths: Document['paths'] = {}
  for (const { path, method, operation } of places) {
    paths[path] = { ...paths[path], [method]: operation }
  }
  return sorted(paths)
}

function tagsOf(places: Place[]): Document['tags'] {
  const names = new Set(places.flatMap(({ operation }) => operation.tags))
  return [...names].sort().map((name) => ({ name, description: `What is under /${name}` }))
}

/** Those schemes that an operation asks for, by their names. */
function askedFor(places: Place[], schemes: Components['securitySchemes']) {
  const security = places.flatMap(({ operation }) => operation.security)
  const names = security.flatMap((requirement) => Object.keys(requirement))
  return Object.fromEntries(Object.entries(schemes).filter(([name]) => names.includes(name)))
}

/** Those components of a kind that something refers to. */
function referred<Component>(by: object, kind: string, components: Record<string, Component>) {
  const text = JSON.stringify(by)
  const entries = Object.entries(components)
  return Object.fromEntries(
    entries.filter(([name]) => text.includes(`"#/components/${kind}/${name}"`)),
  )
}

function sorted<Value>(values: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)))
}

import type { InjectOptions } from 'fastify'
import type { Document, Operation, Parameter } from '../../plugins/openapi/openapi.ts'
import { AUTHORIZATION } from '../app.ts'
import { resolve } from './responses.ts'

/**
 * Order of the methods. Requests that create resources come before reads, and DELETE comes last. Parents are created
 * before the resources within them, and deleted after them.
 */
const ORDER = ['post', 'get', 'put', 'patch', 'delete']

/** An operation of the OpenAPI document. */
export interface Call {
  method: string
  path: string
  operation: Operation
}

/** Returns the operations of a document, in an order in which their examples succeed. */
export function callsOf(document: Document): Call[] {
  return Object.entries(document.paths)
    .flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ method, path, operation })),
    )
    .sort(
      (a, b) =>
        ORDER.indexOf(a.method) - ORDER.indexOf(b.method) ||
        (depthOf(a) - depthOf(b)) * (a.method === 'delete' ? -1 : 1) ||
        (a.method === 'post' ? 1 : -1) *
          (requiredLists(document, a.path).length - requiredLists(document, b.path).length),
    )
}

/**
 * Returns the paths of the lists whose resources must exist before requests to a path: those in the path, those to
 * which the body of a POST refers (`x-references`), and those that these need. A list comes after those that it needs.
 */
export function requiredLists(document: Document, path: string): string[] {
  const { paths } = document
  const lists = Object.keys(paths).filter(
    (list) => paths[list]?.post && path.startsWith(`${list}/`),
  )
  const content = Object.values(paths[path]?.post?.requestBody?.content ?? {})
  const references = content.flatMap(({ schema }) => {
    const { properties = {} } = resolve<{ properties?: object }>(document, schema) ?? {}
    return Object.values(properties).flatMap((each) => each['x-references'] ?? [])
  })
  const needed = [...lists, ...references]
  return [...new Set(needed.flatMap((list) => [...requiredLists(document, list), list]))]
}

function depthOf({ path }: Call): number {
  return path.split('/').length
}

/**
 * Builds a request from the examples of an operation.
 *
 * @param index of the example of the body; -1 for the last one
 */
export function exampleOf(
  document: Document,
  { method, path, operation }: Call,
  index = 0,
): InjectOptions {
  const parameters = (operation.parameters ?? []).map((each) => resolve<Parameter>(document, each))
  const url = path.replace(/\{(\w+)\}/g, (_, name) => {
    const parameter = parameters.find((each) => each?.in === 'path' && each.name === name)
    return encodeURIComponent(String(parameter?.example))
  })
  const [mediaType, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? []
  const needsIfMatch = operation.responses[428] !== undefined
  const headers = {
    ...(operation.security?.length && { authorization: AUTHORIZATION }),
    ...(mediaType && { 'content-type': mediaType }),
    ...(needsIfMatch && { 'if-match': '*' }),
  }
  const schema = resolve<{ examples?: unknown[] }>(document, content?.schema)
  const body = schema?.examples?.at(index)
  const payload = mediaType === 'text/plain' ? String(body ?? '') : JSON.stringify(body ?? {})
  return { method, url, headers, ...(mediaType && { payload }) } as InjectOptions
}

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
export function callsOf({ paths }: Document): Call[] {
  return Object.entries(paths)
    .flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ method, path, operation })),
    )
    .sort(
      (a, b) =>
        ORDER.indexOf(a.method) - ORDER.indexOf(b.method) ||
        (depthOf(a) - depthOf(b)) * (a.method === 'delete' ? -1 : 1),
    )
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

import type { Deprecated } from './deprecation.ts'

/** A route with one method. */
export interface RouteInfo {
  method: string
  /** The path, with `:name` for each parameter. */
  path: string
  /** True if the route itself requires credentials. */
  isProtected?: boolean
  schema: Deprecated & {
    summary?: string
    description?: string
    querystring?: unknown
    body?: unknown
    response?: unknown
    hide?: boolean
    /** A document about the route, to which the start page links. */
    externalDocs?: { url: string; description?: string }
    'x-idempotency-key'?: unknown
  }
}

export const READ_METHODS = ['GET', 'HEAD']

/** Methods that change nothing (RFC 9110 §9.2.1). */
export const SAFE_METHODS = [...READ_METHODS, 'OPTIONS', 'TRACE']

/** Returns true if a method of the route reads the representation. */
export function isRead({ method }: { method: string | string[] }): boolean {
  return [method].flat().some((each) => READ_METHODS.includes(each))
}

/** Returns true if a method of the route may change something. */
export function isUnsafe({ method }: { method: string | string[] }): boolean {
  return [method].flat().some((each) => !SAFE_METHODS.includes(each))
}

/** Returns true if the schema of the route declares this status. */
export function hasResponse({ schema }: Pick<RouteInfo, 'schema'>, status: number): boolean {
  return Object.hasOwn(Object(schema.response), status)
}

/** Returns the methods of a path's routes, and OPTIONS, in alphabetical order; an empty list without routes. */
export function methodsOf(routes: readonly RouteInfo[]): string[] {
  const methods = routes.map(({ method }) => method)
  return methods.length > 0 ? [...new Set([...methods, 'OPTIONS'])].sort() : []
}

/** A method of a resource, as its route describes it. */
export interface RouteInfo {
  method: string
  /** The path, with `:name` for each parameter. */
  path: string
  schema: {
    summary?: string
    description?: string
    querystring?: unknown
    body?: unknown
    response?: unknown
    hide?: boolean
    'x-idempotency-key'?: unknown
  }
}

const WRITES = ['POST', 'PUT', 'PATCH', 'DELETE']

/** Whether a route has a method that changes something. */
export function isWrite({ method }: { method: string | string[] }): boolean {
  return [method].flat().some((each) => WRITES.includes(each))
}

/** Whether it says that it can answer with this status. */
export function canAnswer({ schema }: Pick<RouteInfo, 'schema'>, status: number): boolean {
  return Object.hasOwn(Object(schema.response), status)
}

/** The methods that a resource has, in alphabetical order; none where there is no resource. */
export function methodsOf(operations: readonly RouteInfo[]): string[] {
  const methods = operations.map(({ method }) => method)
  return methods.length > 0 ? [...new Set([...methods, 'OPTIONS'])].sort() : []
}

/** Names of routes, and the paths that are built from them. */
import type { RouteOptions } from 'fastify'
import { fillPath } from '../../src/http/path-template.ts'

export function createRouteNames() {
  const urls = new Map<string, string>()
  return {
    /** @throws {TypeError} if another route has the name */
    add({ method, url, schema }: RouteOptions): void {
      const name = schema?.operationId
      if (!name || method === 'HEAD') return // Fastify adds a HEAD route with the schema of the GET route
      if (urls.has(name)) throw new TypeError(`two routes are named ${JSON.stringify(name)}`)
      urls.set(name, url)
    },
    /** @throws {TypeError} for a wrong name or parameter */
    urlFor(name: string, params?: Record<string, unknown> | null): string {
      const url = urls.get(name)
      if (url === undefined) throw new TypeError(`no route is named ${JSON.stringify(name)}`)
      return fillPath(url, params ?? {})
    },
  }
}

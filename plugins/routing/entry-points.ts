/** Entry points of the API: GET routes whose path is one fixed segment. */
import type { RouteOptions } from 'fastify'

const ONE_SEGMENT = /^\/([\w-]+)$/

export function createEntryPoints() {
  const entryPoints = new Map<string, string>()
  return {
    add({ method, url, config }: RouteOptions): void {
      const [, name] = ONE_SEGMENT.exec(url) ?? []
      const isListed = [method].flat().includes('GET') && config?.entryPoint !== false
      if (name && isListed) entryPoints.set(name, url)
    },
    /** Returns the paths by name, in alphabetical order. */
    list: (): Record<string, string> => Object.fromEntries([...entryPoints].sort()),
  }
}

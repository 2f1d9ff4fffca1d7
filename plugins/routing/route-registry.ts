/**
 * Registry of all routes: by name for links, and by path for 405, OPTIONS and the HTML pages. Fastify's router cannot
 * list the methods of a path, so a second router holds the routes.
 */
import type { RouteOptions } from 'fastify'
import findMyWay, { type HTTPMethod } from 'find-my-way'
import { fillPath } from '../../src/http/path-template.ts'
import { methodsOf, type RouteInfo } from '../../src/http/route-info.ts'

/** A route with one method. */
interface MethodRoute extends Pick<RouteOptions, 'url' | 'constraints' | 'schema'> {
  method: HTTPMethod
  isProtected: boolean
}

/** Path of an entry point of the API. */
const ONE_SEGMENT = /^\/([\w-]+)$/

export type RouteRegistry = ReturnType<typeof createRouteRegistry>

export function createRouteRegistry() {
  const routeInfos: RouteInfo[] = []
  /** Methods that at least one resource supports. */
  const methods = new Set<string>(['OPTIONS'])
  const router = createRouter()
  const paths = createRouter()
  const prefixRoots: MethodRoute[] = []
  const urls = new Map<string, string>()
  const entryPoints = new Map<string, string>()

  function addName({ method, url, schema }: RouteOptions) {
    const name = schema?.operationId
    if (!name || method === 'HEAD') return // Fastify adds a HEAD route with the schema of the GET route
    if (urls.has(name)) throw new TypeError(`two routes are named ${JSON.stringify(name)}`)
    urls.set(name, url)
  }

  function addEntryPoint({ method, url, config }: RouteOptions) {
    const [, name] = ONE_SEGMENT.exec(url) ?? []
    const isListed = [method].flat().includes('GET') && config?.entryPoint !== false
    if (name && isListed) entryPoints.set(name, url)
  }

  function addMethod(route: MethodRoute) {
    const { method, url, schema = {}, isProtected } = route
    if (router.hasRoute(method, url)) return // Fastify reports the HEAD route of a prefix root twice
    methods.add(method)
    const routeInfo: RouteInfo = { method, path: url, schema, isProtected }
    routeInfos.push(routeInfo)
    router.on(method, url, () => {}, routeInfo)
    if (!paths.hasRoute('GET', url)) paths.on('GET', url, () => {})
  }

  /** Returns the routes of a path, one per method; empty if there is no resource. */
  function routesAt(path: string): RouteInfo[] {
    // Skip the per-method lookup for paths that match no route.
    if (!paths.find('GET', path)) return []
    return [...methods].flatMap((method) => {
      const found = router.find(method as HTTPMethod, path) // `methods` contains only HTTP methods
      return found && hasAllParams(found.params) ? [found.store as RouteInfo] : [] // set by addMethod
    })
  }

  return {
    routeInfos,
    methods,
    routesAt,
    /**
     * @param route from an onRoute hook
     * @param isProtected true if the route requires credentials
     * @throws {TypeError} if another route has the same name
     */
    add(route: RouteOptions & { routePath: string }, isProtected: boolean) {
      const { method, url, routePath, constraints, schema } = route
      addName(route)
      addEntryPoint(route)
      for (const each of [method].flat() as HTTPMethod[]) {
        const added = { method: each, url, constraints, schema, isProtected }
        addMethod(added)
        if (routePath === '') prefixRoots.push({ ...added, url: `${url}/` })
      }
    },
    /**
     * Adds the root of each prefix with a trailing slash, because Fastify adds these routes without calling the onRoute
     * hooks.
     */
    addTrailingSlashes(isRouted: (route: MethodRoute) => boolean) {
      for (const route of prefixRoots) {
        if (isRouted(route)) addMethod(route)
      }
    },
    /** @throws {TypeError} for a wrong name or parameter */
    urlFor(name: string, params?: Record<string, unknown> | null): string {
      const url = urls.get(name)
      if (url === undefined) throw new TypeError(`no route is named ${JSON.stringify(name)}`)
      return fillPath(url, params ?? {})
    },
    /** Returns the paths of the entry points by name, in alphabetical order. */
    entryPoints: (): Record<string, string> => Object.fromEntries([...entryPoints].sort()),
    /** Returns the methods of a path in alphabetical order; empty if there is no resource. */
    methodsAt(path: string): string[] {
      // The asterisk means the whole service (RFC 9110 §9.3.7).
      return path === '*' ? [...methods].sort() : methodsOf(routesAt(path))
    },
  }
}

/** Creates a router without a length limit for parameters, since Fastify enforces the limit. */
function createRouter() {
  return findMyWay({ maxParamLength: Number.MAX_SAFE_INTEGER })
}

/** Returns false if a parameter is empty. For `/things/:id`, the router also matches `/things/`. */
export function hasAllParams(params: unknown): boolean {
  // Values are strings here, since validation converts them later.
  const values = params as Record<string, string>
  for (const name in values) if (values[name] === '') return false
  return true
}

import type { FastifySchema, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import findMyWay from 'find-my-way'
import { addHook } from '../../src/hooks.ts'
import { consumedBy } from '../../src/http/body.ts'
import { isPercentEncoded } from '../../src/http/form.ts'
import { HttpError } from '../../src/http/http-error.ts'
import { fillPath } from '../../src/http/path-template.ts'
import { methodsOf, type RouteInfo } from '../../src/http/route-info.ts'

/**
 * Routing: the tutorial's "Resources" and "Request Methods (HTTP Verbs)".
 *
 * Routes have names (their `operationId`), and `app.urlFor` is the tutorial's `url_for`. HEAD comes
 * with each GET. A method that a resource does not have answers 405 with `Allow` (RFC 9110
 * §15.5.6), OPTIONS tells what it has (§9.3.7), and a method that no resource has is 501 (§15.6.2).
 * The typed converters are in `src/schemas/converters.ts`.
 */
export default fp(
  async (app) => {
    const names = new Map<string, string>()
    const routeInfos: RouteInfo[] = []
    const methods = new Set<string>(['OPTIONS'])
    const [router, paths] = [createRouter(), createRouter()]
    const roots: Announcement[] = []
    const entries = new Map<string, string>()

    app.addHook('onRoute', ({ method, url, routePath, constraints, schema, config }) => {
      const entry = ENTRY.exec(url)?.[1]
      if (entry && [method].flat().includes('GET') && config?.entryPoint !== false)
        entries.set(entry, url)
      for (const each of [method].flat() as findMyWay.HTTPMethod[]) {
        methods.add(each)
        addRoute(each, url, schema)
        if (routePath === '') roots.push({ method: each, url: `${url}/`, constraints, schema })
      }
      if (schema?.operationId && method !== 'HEAD') nameRoute(names, schema.operationId, url)
    })
    // a route at / under a prefix is served with the slash too, which is not announced
    app.addHook('onReady', async () => {
      for (const { schema, ...route } of roots) {
        if (app.hasRoute(route)) addRoute(route.method, route.url, schema)
      }
    })

    function addRoute(method: findMyWay.HTTPMethod, url: string, schema?: FastifySchema) {
      // a route at / under the prefix / announces its HEAD twice
      if (router.hasRoute(method, url)) return
      const routeInfo = { method, path: url, schema: schema ?? {} }
      routeInfos.push(routeInfo)
      router.on(method, url, () => {}, routeInfo)
      if (!paths.hasRoute('GET', url)) paths.on('GET', url, () => {})
    }

    app.decorate('entryPoints', () => Object.fromEntries([...entries].sort()))
    // of most that is nowhere it is not looked which methods it has
    const routesAt = (path: string) =>
      paths.find('GET', path) ? findRoutes(router, methods, path) : []
    app.decorate('routeInfos', routeInfos)
    app.decorate('routesAt', routesAt)

    app.decorate('urlFor', (name: string, params?: Record<string, unknown> | null) => {
      const url = names.get(name)
      if (url === undefined) throw new TypeError(`no route is named ${JSON.stringify(name)}`)
      return fillPath(url, params ?? {})
    })

    // before any body is read: what is not there takes none
    addHook(app, 'onRequest', 'routing', (request, reply) => {
      const [path = ''] = request.url.split('?', 1)
      if (!isPercentEncoded(request.url.slice(path.length + 1))) {
        throw new HttpError('BAD_REQUEST', 'the query is not valid percent-encoded UTF-8')
      }
      if (!request.is404 && isFilled(request.params)) {
        request.explain?.('route', String(request.routeOptions.url))
        return
      }
      // RFC 9110 §9.3.7: the asterisk is the service as a whole
      const found = routesAt(path)
      const allowed = path === '*' ? [...methods].sort() : methodsOf(found)
      request.explain?.('route', false, { allow: allowed.join(', ') })
      if (allowed.length === 0) throw NOT_FOUND
      if (request.method !== 'OPTIONS') {
        throw refuseMethod(request.method, path, methods, allowed)
      }
      const patch = found.find(({ method }) => method === 'PATCH')
      if (patch) reply.header('accept-patch', consumedBy(patch.schema.body).join(', '))
      return reply.code(204).header('allow', allowed.join(', ')).send()
    })
  },
  { name: 'routing', fastify: '5.x' },
)

/** One for all: to make an error takes as long as ten hooks, and nothing of it is of one request. */
const NOT_FOUND = new HttpError('NOT_FOUND')

/** A path of one segment, which is fixed. */
const ENTRY = /^\/([\w-]+)$/

/** The routes by name, each with its parameters: every route file adds its own. */
// biome-ignore lint/suspicious/noEmptyInterface: declarations merge into it
export interface NamedRoutes {}

/** Gives the path of a named route, percent-encoded. @throws {TypeError} for a wrong name or parameter. */
type UrlFor = <Name extends keyof NamedRoutes>(
  name: Name,
  ...params: NamedRoutes[Name] extends null ? [] : [NamedRoutes[Name]]
) => string

declare module 'fastify' {
  interface FastifyInstance {
    urlFor: UrlFor
    /** The paths that a client can begin at, by what they are called: those of one segment, with GET. */
    entryPoints: () => Record<string, string>
    /** All routes, one per method, in the order of registration. */
    routeInfos: readonly RouteInfo[]
    /** What the resource at a path can do; nothing where there is no resource. */
    routesAt: (path: string) => RouteInfo[]
  }
  interface FastifyContextConfig {
    /** False excludes a route from the entry points listed at `/`. */
    entryPoint?: false
  }
  interface FastifySchema {
    /** The route's name, for `urlFor` and for generated clients. */
    operationId?: string
    summary?: string
    description?: string
    /** Hides the route from the OpenAPI document and the pages. */
    hide?: boolean
  }
}

/** A route for one of its methods. */
interface Announcement extends Pick<RouteOptions, 'url' | 'constraints' | 'schema'> {
  method: findMyWay.HTTPMethod
}

/** Finds paths as Fastify's own does, which tells nobody what is at a path under other methods. */
function createRouter() {
  return findMyWay({ maxParamLength: Number.MAX_SAFE_INTEGER })
}

function nameRoute(names: Map<string, string>, name: string, url: string) {
  if (names.has(name)) throw new TypeError(`two routes are named ${JSON.stringify(name)}`)
  names.set(name, url)
}

/** What the resource at a path can do; nothing where there is no resource. */
function findRoutes(
  router: findMyWay.Instance<findMyWay.HTTPVersion.V1>,
  methods: Set<string>,
  path: string,
): RouteInfo[] {
  return [...methods].flatMap((method) => {
    const route = router.find(method as findMyWay.HTTPMethod, path)
    return route && isFilled(route.params) ? [route.store as RouteInfo] : [] // put there above
  })
}

/** Whether no parameter is empty: `/articles/` is not an article without an id, it is nothing. */
function isFilled(params: unknown): boolean {
  // the router's parameters are text, whatever the type of a request says
  const values = params as Record<string, string>
  for (const name in values) if (values[name] === '') return false
  return true
}

function refuseMethod(method: string, path: string, methods: Set<string>, allowed: string[]) {
  if (!methods.has(method))
    return new HttpError('NOT_IMPLEMENTED', `no resource supports ${method}`)
  const allow = allowed.join(', ')
  return new HttpError('METHOD_NOT_ALLOWED', `${method} ${path} (allowed: ${allow})`, {
    headers: { allow },
  })
}

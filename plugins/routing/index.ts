/**
 * Routing: the tutorial's sections "Resources" and "Request Methods (HTTP Verbs)".
 *
 * The `operationId` of a route is its name, and `app.urlFor` replaces the tutorial's `url_for`. Every route with
 * GET also supports HEAD. A method that a resource does not support gets 405 with Allow (RFC 9110 §15.5.6), a
 * method that no resource supports gets 501 (§15.6.2), and OPTIONS lists the methods (§9.3.7). The tutorial's
 * converters are in src/schemas/converters.ts.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { addHook } from '../../src/hooks.ts'
import { consumedBy } from '../../src/http/body.ts'
import { isPercentEncoded } from '../../src/http/form.ts'
import { HttpError } from '../../src/http/http-error.ts'
import type { RouteInfo } from '../../src/http/route-info.ts'
import { createRouteRegistry, hasAllParams, type RouteRegistry } from './route-registry.ts'

/** Parameters of each route that `urlFor` supports; null for a route without parameters. Each route's file adds its entry. */
// biome-ignore lint/suspicious/noEmptyInterface: declarations merge into it
export interface NamedRoutes {}

type UrlFor = <Name extends keyof NamedRoutes>(
  name: Name,
  ...params: NamedRoutes[Name] extends null ? [] : [NamedRoutes[Name]]
) => string

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Returns the path of a named route, percent-encoded.
     *
     * @throws {TypeError} for a wrong name or parameter
     */
    urlFor: UrlFor
    /** Entry points listed at `/`: fixed one-segment GET routes, by name. */
    entryPoints: () => Record<string, string>
    /** All routes, one per method, in the order of registration. */
    routeInfos: readonly RouteInfo[]
    /** Returns the routes of a path, one per method; empty if there is no resource. */
    routesAt: (path: string) => RouteInfo[]
  }
  interface FastifyContextConfig {
    /** False excludes a route from the entry points listed at `/`. */
    entryPoint?: false
    /** Reason for which the tests do not send generated requests to the route, such as a mail that it sends. */
    notFuzzed?: string
  }
  interface FastifySchema {
    /** Name of the route, for `urlFor` and generated clients. */
    operationId?: string
    summary?: string
    description?: string
    /** Description of the resource, for the tag in the OpenAPI document. One route of each first path segment has it. */
    'x-resource'?: string
    /** Hides the route from the OpenAPI document and the pages. */
    hide?: boolean
  }
}

/** Shared by all requests, since creating an error costs as much as ten hooks. */
const NOT_FOUND = new HttpError('NOT_FOUND')

async function routing(app: FastifyInstance) {
  const registry = createRouteRegistry()
  app.addHook('onRoute', (route) => registry.add(route, app.isProtected?.(route) ?? false))
  app.addHook('onReady', async () => registry.addTrailingSlashes((route) => app.hasRoute(route)))

  app.decorate('urlFor', registry.urlFor)
  app.decorate('entryPoints', registry.entryPoints)
  app.decorate('routeInfos', registry.routeInfos)
  app.decorate('routesAt', registry.routesAt)

  // In onRequest, so that no body is read if there is no resource or method.
  addHook(app, 'onRequest', 'routing', (request, reply) => {
    const { url } = request
    const queryAt = url.indexOf('?')
    if (queryAt >= 0 && !isPercentEncoded(url.slice(queryAt + 1))) {
      throw new HttpError('BAD_REQUEST', 'the query is not valid percent-encoded UTF-8')
    }
    if (request.is404 || !hasAllParams(request.params)) {
      return sendUnrouted(registry, request, reply)
    }
    request.explain?.('route', String(request.routeOptions.url))
  })
}

/** Answers OPTIONS, otherwise returns 404, 405 or 501. Scanners cause many 404s, so these are not thrown. */
function sendUnrouted(
  registry: RouteRegistry,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply | HttpError {
  const [path = ''] = request.url.split('?', 1)
  const allowed = registry.methodsAt(path)
  const allow = allowed.join(', ')
  request.explain?.('route', false, { allow })
  if (allowed.length === 0) return NOT_FOUND
  const { method } = request
  if (method !== 'OPTIONS') {
    if (!registry.methods.has(method)) {
      return new HttpError('NOT_IMPLEMENTED', `no resource supports ${method}`)
    }
    const detail = `${method} ${path} (allowed: ${allow})`
    return new HttpError('METHOD_NOT_ALLOWED', detail, { headers: { allow } })
  }
  const patch = registry.routesAt(path).find((route) => route.method === 'PATCH')
  if (patch) reply.header('accept-patch', consumedBy(patch.schema.body).join(', '))
  return reply.code(204).header('allow', allow).send()
}

export default fp(routing, { name: 'routing', fastify: '5.x' })

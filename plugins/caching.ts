/**
 * Caching: sets Cache-Control, so that no cache guesses a lifetime (RFC 9111 §4.2.2, §5.2.2).
 *
 * By default, caches must ask the service before each use of a response (`no-cache`). If a response depends on
 * credentials, only the client's own cache may store it (`private`). Errors are not stored (`no-store`). A route declares
 * another policy in its config, and a handler that sets Cache-Control overrides both.
 */
import type { FastifyInstance, FastifyReply, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import { addHook } from '../src/hooks.ts'
import { CachePolicy, cacheControl, NO_STORE, policyProblem } from '../src/http/cache-policy.ts'
import { parseOptions } from '../src/plugin-options.ts'
import { addResponseFields } from '../src/schemas/responses.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Caching policy of the route's successes, with times in seconds. */
    cache?: CachePolicy
    /** Values of Cache-Control for `cache`; set by the plugin. */
    cacheControl?: CacheControl
  }
  interface FastifyReply {
    /** Returns the value of Cache-Control that a response with the present status gets. */
    cachePolicy(): string
  }
}

interface CacheControl {
  /** For everyone. */
  public: string
  /** For the authenticated account. */
  private: string
}

const DEFAULT = controlOf({})

const SUCCESSES = [200, 201, 204, 206]

/** Matches a policy with which a cache gives a response to other clients without asking the service. */
const SHARED_LIFETIME = /^(?:public, )?max-age=/

/** Header fields of one client, which are left out of such responses. */
const CLIENT_FIELDS = ['ratelimit', 'ratelimit-policy']

async function caching(app: FastifyInstance) {
  app.decorateReply('cachePolicy', cachePolicy)
  app.addHook('onRoute', (route) => {
    if (route.config?.cache === undefined) return
    const isProtected = app.isProtected?.(route) ?? false
    const policy = readPolicy(route, route.config.cache, isProtected)
    const control = controlOf(policy)
    route.config = { ...route.config, cacheControl: control }
    addResponseFields(route, SUCCESSES, {
      'Cache-Control': {
        type: 'string',
        description: 'Caching rules of this resource (RFC 9111 §5.2.2)',
        const: isProtected ? control.private : control.public,
      },
    })
  })
  addHook(app, 'onSend', 'caching', (_request, reply, payload) => {
    if (reply.hasHeader('cache-control')) return payload
    const policy = reply.cachePolicy()
    reply.header('cache-control', policy)
    if (reply.routeOptions.config.cacheControl && SHARED_LIFETIME.test(policy))
      for (const name of CLIENT_FIELDS) reply.removeHeader(name)
    return payload
  })
  // Errors of the router skip the onSend hooks.
  addHook(app, 'onErrorReply', 'caching', (_request, reply) => {
    reply.header('cache-control', NO_STORE)
  })
}

/** @throws {Error} that names the route, if the policy is invalid or would give a client's response to others */
function readPolicy({ method, url }: RouteOptions, cache: object, isProtected: boolean) {
  const name = `${method} ${url}, config.cache`
  const policy = parseOptions(name, CachePolicy, cache)
  const problem = policyProblem(policy, isProtected)
  if (problem) throw new Error(`${name}: ${problem}`)
  return policy
}

function controlOf(policy: CachePolicy): CacheControl {
  return { public: cacheControl(policy, false), private: cacheControl(policy, true) }
}

function cachePolicy(this: FastifyReply): string {
  if (this.statusCode >= 400) return NO_STORE
  const { principal, headers, routeOptions } = this.request
  const declared = routeOptions.config.cacheControl
  if (declared) return principal ? declared.private : declared.public
  // Also private if the route checks the credentials itself.
  return principal || headers.authorization !== undefined ? DEFAULT.private : DEFAULT.public
}

export default fp(caching, { name: 'caching', fastify: '5.x' })

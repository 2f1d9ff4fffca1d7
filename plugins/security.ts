/**
 * Security: restricts what a browser does with a response, and refuses cross-origin writes (CSRF).
 *
 * Every response has the header fields in src/http/security-fields.ts. A route can set another Content-Security-Policy,
 * and declare another Cross-Origin-Resource-Policy in its config.
 * A write from a page of another origin gets 403 unless the origin is allowed, since a browser also sends stored
 * credentials with forms of other sites. If any origin is allowed, a form still gets 403.
 */
import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  onRequestHookHandler,
  RouteOptions,
} from 'fastify'
import fp from 'fastify-plugin'
import { type Static, Type } from 'typebox'
import { addHook } from '../src/hooks.ts'
import { corsFields } from '../src/http/cors-fields.ts'
import { isCrossOrigin, isSentUnasked } from '../src/http/cross-origin.ts'
import { HttpError } from '../src/http/http-error.ts'
import { isUnsafe } from '../src/http/route-info.ts'
import { HTTPS_SECURITY_FIELDS, SECURITY_FIELDS } from '../src/http/security-fields.ts'
import { shorten } from '../src/http/shorten.ts'
import { parseOptions } from '../src/plugin-options.ts'
import { addProblemResponses } from '../src/schemas/responses.ts'

/** Pages that may load a response without CORS (Fetch §3.7), in elements such as `<img>` without `crossorigin`. */
const RESOURCE_POLICIES: readonly string[] = ['same-site', 'cross-origin']

/** Maximum number of logged characters of a field. */
const MAX_LOGGED = 300

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * Cross-Origin-Resource-Policy of the route's successes, `same-origin` by default. CORS_ORIGIN does not apply to it: with
     * `cross-origin`, pages of all origins can show the response.
     */
    resourcePolicy?: 'same-site' | 'cross-origin'
  }
}

export const SecurityOptions = Type.Object({
  allowedOrigins: Type.Array(Type.String(), {
    default: [],
    description:
      'Origins whose pages may send writes, such as https://a.example, or https://*.a.example for ' +
      'the subdomains of a.example; * allows any',
  }),
})
export type SecurityOptions = Partial<Static<typeof SecurityOptions>>
export const autoConfig = ({ config }: FastifyInstance): SecurityOptions => config.security

async function security(app: FastifyInstance, options: SecurityOptions) {
  const { allowedOrigins } = parseOptions('security', SecurityOptions, options)

  app.addHook('onRoute', (route) => {
    const { resourcePolicy } = route.config ?? {}
    if (resourcePolicy) setResourcePolicy(route, resourcePolicy)
    if (isUnsafe(route)) addProblemResponses(route, 403)
  })
  addHook(app, 'onErrorReply', 'security', setSecurityFields)
  addHook(app, 'onRequest', 'security', (request, reply) => {
    setSecurityFields(request, reply)
    const refusal = refusalOf(request, allowedOrigins)
    if (!refusal) return
    const { origin, 'sec-fetch-site': site } = request.headers
    request.log.warn({ origin: claim(origin), site: claim(site) }, 'cross-site write refused')
    throw new HttpError('FORBIDDEN', refusal)
  })
}

/** Shortens a field for the log, so that refused requests do not fill it. */
function claim(field = ''): string | undefined {
  return shorten(field, MAX_LOGGED) || undefined
}

/** Sets the security header fields. `protocol` is https only if a trusted proxy says so. */
function setSecurityFields({ protocol }: FastifyRequest, reply: FastifyReply) {
  reply.headers(protocol === 'https' ? HTTPS_SECURITY_FIELDS : SECURITY_FIELDS)
}

/**
 * Sets a policy with a hook of the route, which costs other routes nothing. Errors keep the default.
 *
 * @throws {Error} that names the route, if the policy is unknown
 */
function setResourcePolicy(route: RouteOptions, policy: string) {
  if (!RESOURCE_POLICIES.includes(policy)) {
    const policies = RESOURCE_POLICIES.join(' or ')
    const name = `${route.method} ${route.url}, config.resourcePolicy`
    throw new Error(`${name} must be ${policies}, not ${policy}`)
  }
  const hook: onRequestHookHandler = (_request, reply, done) => {
    reply.header('cross-origin-resource-policy', policy)
    done()
  }
  route.onRequest = [hook].concat(route.onRequest ?? [])
}

/**
 * Returns the reason to refuse a write from a page of another origin. With `*`, the service does not know the page, so the
 * browser must have asked in a preflight, after which it adds no stored credentials.
 */
function refusalOf(request: FastifyRequest, allowedOrigins: readonly string[]): string | undefined {
  if (!isCrossOrigin(request) || !isUnsafe(request)) return undefined
  const fields = corsFields(allowedOrigins, request.headers.origin)
  if (!fields) return 'writes from pages of other origins are not allowed'
  const isAny = fields['access-control-allow-origin'] === '*'
  if (!isAny || !isSentUnasked(request)) return undefined
  return 'forms of other origins are not allowed; scripts can send another Content-Type, such as application/json'
}

export default fp(security, { name: 'security', fastify: '5.x' })

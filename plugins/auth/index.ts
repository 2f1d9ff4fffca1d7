/**
 * Authentication by Basic (RFC 7617) and Bearer (RFC 6750) credentials: the tutorial's section "Authorization".
 *
 * `onRequest: app.requireAuth()` in a route replaces the tutorial's `@requires_auth`, and the option
 * `authenticate` replaces `check_auth`. Missing and wrong credentials get a 401, which has a challenge
 * for each authentication scheme (RFC 9110 §11). Failed logins are limited.
 */
import basicAuth from '@fastify/basic-auth'
import type { FastifyInstance, FastifyRequest, onRequestHookHandler, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import { type Static, Type } from 'typebox'
import { SCHEMES, type Scheme } from '../../src/http/authentication-schemes.ts'
import { HttpError } from '../../src/http/http-error.ts'
import { parseOptions } from '../../src/plugin-options.ts'
import { openQuotas, RedisUrl } from '../../src/quota/open-quotas.ts'
import { addProblemResponses } from '../../src/schemas/responses.ts'
import { Account } from './accounts.ts'
import type { Authenticate, Principal } from './authenticate.ts'
import { challengesOf, insufficientScope } from './challenge.ts'
import { createCredentialsParser } from './credentials.ts'
import { limitFailedLogins } from './failed-logins.ts'
import { createIdentify } from './identify.ts'
import { type Accounts, createReplaceable } from './replaceable-accounts.ts'

export const AuthOptions = Type.Object({
  realm: Type.String({
    default: 'Example',
    pattern: '^[ !#-\\[\\]-~]+$',
    'x-expected': 'a realm',
    description: 'Realm in WWW-Authenticate: printable ASCII without " and \\.',
  }),
  users: Type.Array(Account, { default: [], description: 'Accounts for Basic authentication' }),
  tokens: Type.Array(Account, { default: [], description: 'Accounts for Bearer authentication' }),
  failureLimit: Type.Integer({
    default: 10,
    minimum: 0,
    description:
      'Failed logins per minute that a client may make with one user name. With all user ' +
      'names together, a client may make ten times as many. Clients that have not logged in with ' +
      'the user name in the last 30 days may together make ten times as many. 0 disables the limit.',
  }),
  redisUrl: RedisUrl,
  schemes: Type.Array(Type.Enum(SCHEMES), {
    default: SCHEMES,
    minItems: 1,
    description: 'Authentication schemes that are accepted, the preferred one first',
  }),
  authenticate: Type.Optional(
    Type.Unsafe<Authenticate>({ description: 'Replaces the check against users and tokens' }),
  ),
})
export type AuthOptions = Partial<Static<typeof AuthOptions>>
export const autoConfig = ({ config }: FastifyInstance): AuthOptions => config.auth

declare module 'fastify' {
  interface FastifyInstance {
    /** Authentication schemes that are accepted, the preferred one first. */
    authenticationSchemes?: readonly Scheme[]
    /** Challenges of a 401, one for each authentication scheme. */
    challenges?: readonly string[]
    /** Returns an onRequest hook that requires authentication and, if given, the scope. */
    requireAuth: (scope?: string) => onRequestHookHandler
    /** Accepts these accounts from now on instead of those of the options. Undefined with the option `authenticate`. */
    replaceAccounts?: (accounts: Accounts) => void
    /** Returns true if the route itself has a hook of `requireAuth`. Ignores hooks that `app.addHook` has added. */
    isProtected?: (route: Pick<RouteOptions, 'onRequest'>) => boolean
  }
  interface FastifyRequest {
    /** The authenticated account; null if the route does not require authentication. */
    principal: Principal | null
  }
}

async function auth(app: FastifyInstance, given: AuthOptions) {
  const options = parseOptions('auth', AuthOptions, given)
  const { realm, users, tokens, failureLimit, redisUrl, schemes } = options
  const accounts = createReplaceable(users, tokens)
  const check = options.authenticate ?? accounts.authenticate
  const challenges = challengesOf(realm, schemes)
  const createQuota = await openQuotas(app, redisUrl)
  const { names } = accounts
  const limits = { limit: failureLimit, accounts: names, createQuota }
  const authenticate = limitFailedLogins(check, limits)
  const credentialsParser = createCredentialsParser(schemes)
  const identify = createIdentify(app, { authenticate, credentialsParser, challenges, names })

  app.decorateRequest('principal', null)
  if (!options.authenticate) app.decorate('replaceAccounts', accounts.replace)
  app.decorate('authenticationSchemes', schemes)
  app.decorate('challenges', challenges) // the error handler adds them to a 401 that a handler throws
  await app.register(basicAuth, credentialsParser.basicAuthOptions)

  const scopes = new WeakMap<object, string | undefined>()
  const requirementsOf = ({ onRequest = [] }: Pick<RouteOptions, 'onRequest'>) =>
    [onRequest].flat().filter((hook) => scopes.has(hook))
  app.addHook('onRoute', (route) => {
    for (const hook of requirementsOf(route)) {
      addProblemResponses(route, 401, ...(scopes.get(hook) ? [403] : []))
    }
  })
  app.decorate('isProtected', (route) => requirementsOf(route).length > 0)

  /** @throws {HttpError} 403 if the account does not have the scope */
  function checkScope({ principal, log }: FastifyRequest, scope?: string) {
    if (!scope || principal?.scopes.includes(scope)) return
    log.warn({ principal: principal?.name, scope }, 'scope missing')
    const challenge = insufficientScope(realm, schemes, scope)
    throw new HttpError('FORBIDDEN', `scope ${scope} is required`, {
      headers: challenge ? { 'www-authenticate': challenge } : {},
    })
  }

  app.decorate('requireAuth', (scope?: string): onRequestHookHandler => {
    const hook: onRequestHookHandler = (request, reply, done) => {
      const identifying = identify(request, reply)
      if (identifying) return identifying.then(() => checkScope(request, scope))
      checkScope(request, scope)
      done()
    }
    scopes.set(hook, scope)
    return hook
  })
}

export default fp(auth, { name: 'auth', fastify: '5.x' })

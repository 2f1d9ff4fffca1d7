import basicAuth from '@fastify/basic-auth'
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import { type Static, Type } from 'typebox'
import { networkOf } from '../../src/http/client-address.ts'
import { HttpError } from '../../src/http/http-error.ts'
import { parseOptions } from '../../src/plugin-options.ts'
import { Account } from './accounts.ts'
import {
  type Authenticate,
  type Credentials,
  createAuthenticate,
  type Principal,
} from './authenticate.ts'
import { challengesOf, insufficientScope } from './challenge.ts'
import { limitFailedLogins } from './failed-logins.ts'

export const AuthOptions = Type.Object({
  realm: Type.String({
    default: 'Example',
    pattern: '^[ !#-\\[\\]-~]+$',
    description: 'Realm in the challenges: printable ASCII without " and \\',
  }),
  users: Type.Array(Account, { default: [], description: 'Accounts for Basic' }),
  tokens: Type.Array(Account, { default: [], description: 'Accounts for Bearer' }),
  failureLimit: Type.Integer({
    minimum: 0,
    default: 10,
    description:
      'Failed logins per minute per client and user name, ten times that per client; 0 disables the limit',
  }),
  authenticate: Type.Optional(
    Type.Unsafe<Authenticate>({ description: 'Replaces the check against users and tokens' }),
  ),
})
export type AuthOptions = Partial<Static<typeof AuthOptions>>

/** Options of the service, from its configuration. */
export const autoConfig = ({ config }: FastifyInstance): AuthOptions => config.auth

/**
 * Authentication: the tutorial's "Authorization".
 *
 * Where the tutorial decorates a function with `@requires_auth`, a route takes
 * `onRequest: app.requireAuth()`, and a whole scope `addHook('onRequest', app.requireAuth())`.
 * Basic (RFC 7617) and Bearer (RFC 6750) are taken; whatever fails gets the same 401, to which
 * `plugins/errors/index.ts` adds the challenges. The check itself, the tutorial's `check_auth`, is the
 * option `authenticate` of `buildApp`; who guesses gets no more than AUTH_FAILURE_LIMIT of them a minute.
 */
export default fp(
  async (app, given: AuthOptions) => {
    const options = parseOptions('auth', AuthOptions, given)
    const { realm, users, tokens, failureLimit } = options
    app.decorateRequest('principal', null)
    app.decorate('challenges', challengesOf(realm))

    const authenticate = limitFailedLogins(
      options.authenticate ?? createAuthenticate(users, tokens),
      failureLimit,
    )
    let presented: Credentials | undefined
    await app.register(basicAuth, {
      strictCredentials: false, // RFC 9110 §11.4 lets several spaces follow the scheme
      validate: (name, password, _request, _reply, done) => {
        presented = { scheme: 'Basic', name, password }
        done()
      },
    })

    /** Reads the credentials; undefined where there are none, or none that can be read. */
    function credentialsOf(request: FastifyRequest, reply: FastifyReply): Credentials | undefined {
      const field = request.headers.authorization ?? ''
      const token = BEARER.exec(field)?.[1]
      if (token) return { scheme: 'Bearer', token }
      // at once: nothing is waited for
      if (BASIC.test(field)) app.basicAuth(request, reply, () => {})
      const credentials = presented
      presented = undefined // a password is not kept
      return credentials
    }

    /** Gives a promise where there is something to wait for: most requests bring what was verified before. */
    function identify(request: FastifyRequest, reply: FastifyReply): Promise<void> | undefined {
      const field = request.headers.authorization ?? ''
      const client = networkOf(request.ip)
      const known = authenticate.recall(client, field)
      if (known) return admit(request, reply, field.split(' ', 1)[0], known)
      const credentials = credentialsOf(request, reply)
      if (!credentials) return admit(request, reply, field ? 'unreadable' : 'none')
      return authenticate(client, credentials).then((found) =>
        admit(request, reply, credentials.scheme, found),
      )
    }

    /** @throws {HttpError} 401 where it is nobody. */
    function admit(
      request: FastifyRequest,
      reply: FastifyReply,
      credentials?: string,
      principal?: Principal,
    ) {
      request.explain?.('authentication', principal?.name ?? false, {
        credentials,
        scopes: principal?.scopes.join(' '),
      })
      if (!principal) throw new HttpError('UNAUTHENTICATED')
      request.principal = principal
      return app.countRequest?.(reply, principal.name)
    }

    /** @throws {HttpError} 403 where a scope is asked for that the principal lacks. */
    function checkScope({ principal }: FastifyRequest, scope?: string) {
      if (!scope || principal?.scopes.includes(scope)) return
      throw new HttpError('FORBIDDEN', `this needs the scope ${scope}`, {
        headers: { 'www-authenticate': insufficientScope(realm, scope) },
      })
    }

    app.decorate('requireAuth', (scope?: string): onRequestHookHandler => {
      return (request, reply, done) => {
        const identifying = identify(request, reply)
        if (identifying) return identifying.then(() => checkScope(request, scope))
        checkScope(request, scope)
        done()
      }
    })
  },
  { name: 'auth', fastify: '5.x' },
)

/** The scheme in any case, spaces, then base64 (RFC 4648 §4), which the plugin reads leniently. */
const BASIC = /^basic +(?! )(?:[a-z\d+/]{4})*(?:[a-z\d+/]{2}==|[a-z\d+/]{3}=)? *$/i

/** The scheme in any case, spaces, then a b64token (RFC 6750 §2.1). */
const BEARER = /^bearer +([\w.~+/-]+=*) *$/i

declare module 'fastify' {
  interface FastifyInstance {
    /** Challenges of a 401, one per scheme. */
    challenges?: readonly string[]
    /** Gives a hook that lets in who authenticates, and with a scope who also has it. */
    requireAuth: (scope?: string) => onRequestHookHandler
  }
  interface FastifyRequest {
    /** Who sent the request; null where nobody was asked. */
    principal: Principal | null
  }
}

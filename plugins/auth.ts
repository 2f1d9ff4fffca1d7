import basicAuth from '@fastify/basic-auth'
import type { FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import type { Credentials, Principal } from '../src/auth/authenticate.ts'
import { insufficientScope } from '../src/auth/challenge.ts'
import { limitGuesses } from '../src/auth/guesses.ts'
import { networkOf } from '../src/http/client-address.ts'
import { HttpError } from '../src/http/http-error.ts'

/**
 * Authentication: the tutorial's "Authorization".
 *
 * Where the tutorial decorates a function with `@requires_auth`, a route takes
 * `onRequest: app.requiresAuth()`, and a whole scope `addHook('onRequest', app.requiresAuth())`.
 * Basic (RFC 7617) and Bearer (RFC 6750) are taken; whatever fails gets the same 401, to which
 * `plugins/errors.ts` adds the challenges. The check itself, the tutorial's `check_auth`, is the
 * option `authenticate` of `buildApp`; who guesses gets no more than AUTH_FAILURES of them a minute.
 */
export default fp(
  async (app) => {
    app.decorateRequest('principal', null)

    const authenticate = limitGuesses(app.authenticate, app.config.AUTH_FAILURES)
    const presented = new WeakMap<FastifyRequest, Credentials>()
    await app.register(basicAuth, {
      strictCredentials: false, // RFC 9110 §11.4 lets several spaces follow the scheme
      validate: async (name, password, request) => {
        presented.set(request, { scheme: 'Basic', name, password })
      },
    })

    /** Reads the credentials; undefined where there are none, or none that can be read. */
    async function credentialsOf(request: FastifyRequest, reply: FastifyReply) {
      const field = request.headers.authorization ?? ''
      const token = BEARER.exec(field)?.[1]
      if (token) return { scheme: 'Bearer', token } as const
      if (!BASIC.test(field)) return undefined
      await new Promise<unknown>((resolve) => app.basicAuth(request, reply, resolve))
      return presented.get(request)
    }

    async function identify(request: FastifyRequest, reply: FastifyReply) {
      const credentials = await credentialsOf(request, reply)
      const principal = credentials && (await authenticate(networkOf(request.ip), credentials))
      request.decided?.('authentication', principal?.name ?? false, {
        credentials: credentials?.scheme ?? (request.headers.authorization ? 'unreadable' : 'none'),
        scopes: principal?.scopes.join(' '),
      })
      if (!principal) throw new HttpError('UNAUTHENTICATED')
      request.principal = principal
      await app.countRequest?.(reply, principal.name)
    }

    app.decorate('requiresAuth', (scope?: string) => async (request, reply) => {
      await identify(request, reply)
      if (!scope || request.principal?.scopes.includes(scope)) return
      throw new HttpError('FORBIDDEN', `this needs the scope ${scope}`, {
        headers: { 'www-authenticate': insufficientScope(app.config.AUTH_REALM, scope) },
      })
    })
  },
  { name: 'auth', dependencies: ['framing', 'rate-limit'] },
)

/** The scheme in any case, spaces, then base64 (RFC 4648 §4), which the plugin reads leniently. */
const BASIC = /^basic +(?! )(?:[a-z\d+/]{4})*(?:[a-z\d+/]{2}==|[a-z\d+/]{3}=)? *$/i

/** The scheme in any case, spaces, then a b64token (RFC 6750 §2.1). */
const BEARER = /^bearer +([\w.~+/-]+=*) *$/i

declare module 'fastify' {
  interface FastifyInstance {
    /** Gives a hook that lets in who authenticates, and with a scope who also has it. */
    requiresAuth: (scope?: string) => onRequestAsyncHookHandler
  }
  interface FastifyRequest {
    /** Who sent the request; null where nobody was asked. */
    principal: Principal | null
  }
}

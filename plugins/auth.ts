import basicAuth from '@fastify/basic-auth'
import type { FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import type { Credentials, Principal } from '../src/auth/authenticate.ts'
import { HttpError } from '../src/http/http-error.ts'

/**
 * Authentication: the tutorial's "Authorization".
 *
 * Where the tutorial decorates a function with `@requires_auth`, a route takes
 * `onRequest: app.requiresAuth()`, and a whole scope `addHook('onRequest', app.requiresAuth())`.
 * Basic (RFC 7617) and Bearer (RFC 6750) are taken; whatever fails gets the same answer, with one
 * challenge a scheme (RFC 9110 §11.6.1). The check itself, the tutorial's `check_auth`, is the
 * option `authenticate` of `buildApp`.
 */
export default fp(
  async (app) => {
    const challenges = SCHEMES.map((scheme) => `${scheme} realm="${app.config.AUTH_REALM}"`)

    app.decorateRequest('principal', null)

    await app.register(basicAuth, {
      strictCredentials: false, // RFC 9110 §11.4 lets several spaces follow the scheme
      validate: async (name, password, request) => {
        await identify(request, { scheme: 'Basic', name, password })
      },
    })

    async function identify(request: FastifyRequest, credentials: Credentials) {
      const principal = await app.authenticate(credentials)
      if (!principal) throw unauthenticated()
      request.principal = principal
    }

    async function authenticate(request: FastifyRequest, reply: FastifyReply) {
      const field = request.headers.authorization ?? ''
      const token = BEARER.exec(field)?.[1]
      if (token) return identify(request, { scheme: 'Bearer', token })
      return checkBasic(request, reply)
    }

    /** The plugin's own answers say which step failed: a client is told no more than that one did. */
    function checkBasic(request: FastifyRequest, reply: FastifyReply) {
      return new Promise<void>((resolve, reject) => {
        app.basicAuth(request, reply, (error) => {
          if (!error) resolve()
          else reject(Reflect.get(error, 'statusCode') === 401 ? unauthenticated() : error)
        })
      })
    }

    function unauthenticated() {
      return new HttpError('UNAUTHENTICATED', undefined, {
        headers: { 'www-authenticate': challenges },
      })
    }

    app.decorate('requiresAuth', (scope?: string) => async (request, reply) => {
      await authenticate(request, reply)
      if (!scope || request.principal?.scopes.includes(scope)) return
      throw new HttpError('FORBIDDEN', `this needs the scope ${scope}`, {
        headers: {
          'www-authenticate': challenges.map((challenge) =>
            challenge.startsWith('Bearer')
              ? `${challenge}, error="insufficient_scope", scope="${scope}"`
              : challenge,
          ),
        },
      })
    })
  },
  { name: 'auth', dependencies: ['errors'] },
)

const SCHEMES = ['Basic', 'Bearer']

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

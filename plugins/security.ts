import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type Static, Type } from 'typebox'
import { addHook } from '../src/hooks.ts'
import { corsFields } from '../src/http/cors-fields.ts'
import { HttpError } from '../src/http/http-error.ts'
import { isWrite } from '../src/http/route-info.ts'
import { SECURITY_FIELDS, SECURITY_FIELDS_OF_HTTPS } from '../src/http/security-fields.ts'
import { parseOptions } from '../src/plugin-options.ts'

export const SecurityOptions = Type.Object({
  allowedOrigins: Type.Array(Type.String(), {
    default: [],
    description: 'Origins whose pages may send writes with the user’s credentials; * allows any',
  }),
})
export type SecurityOptions = Partial<Static<typeof SecurityOptions>>

/** Options of the service, from its configuration. */
export const autoConfig = ({ config }: FastifyInstance): SecurityOptions => config.security

/**
 * Security: what a browser may do for others.
 *
 * With a reply it may do nothing but show it; a route with a page that needs more gives it a
 * Content-Security-Policy of its own. And it may send no writes for pages of other origins than those in
 * CORS_ORIGIN: it remembers whom it has asked for credentials, and would send them along.
 */
export default fp(
  async (app, given: SecurityOptions) => {
    const options = parseOptions('security', SecurityOptions, given)
    addHook(app, 'onErrorReply', 'security', setSecurityFields)
    addHook(app, 'onRequest', 'security', (request, reply) => {
      setSecurityFields(request, reply)
      if (isForeignWrite(request, options.allowedOrigins)) {
        throw new HttpError('FORBIDDEN', 'a page of another origin may not write here')
      }
    })
  },
  { name: 'security', fastify: '5.x' },
)

/** @param request which came by HTTPS where a proxy says so that TRUST_PROXY names. */
function setSecurityFields({ protocol }: FastifyRequest, reply: FastifyReply) {
  reply.headers(protocol === 'https' ? SECURITY_FIELDS_OF_HTTPS : SECURITY_FIELDS)
}

/** Whether a browser says that a page of another origin makes it write (Fetch Metadata §2.3). */
function isForeignWrite(request: FastifyRequest, allowedOrigins: readonly string[]): boolean {
  const { 'sec-fetch-site': site, origin } = request.headers
  if (site !== 'cross-site' && site !== 'same-site') return false
  return isWrite(request) && corsFields(allowedOrigins, origin) === undefined
}

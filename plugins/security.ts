import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { HttpError } from '../src/http/http-error.ts'
import { isWrite } from '../src/http/operation.ts'
import { SECURITY_FIELDS, SECURITY_FIELDS_OF_HTTPS } from '../src/http/security-fields.ts'
import { corsFields } from './cors.ts'

/**
 * Security: what a browser may do for others.
 *
 * With a reply it may do nothing but show it; a route with a page that needs more gives it a
 * Content-Security-Policy of its own. And it may send no writes for pages of other origins than those in
 * CORS_ORIGIN: it remembers whom it has asked for credentials, and would send them along.
 */
export default fp(
  async (app) => {
    app.addHook('onRequest', (request, reply, done) => {
      setSecurityFields(request, reply)
      if (isForeignWrite(request)) {
        throw new HttpError('FORBIDDEN', 'a page of another origin may not write here')
      }
      done()
    })
  },
  { name: 'security' },
)

/** @param request which came by HTTPS where a proxy says so that TRUST_PROXY names. */
export function setSecurityFields({ protocol }: FastifyRequest, reply: FastifyReply) {
  reply.headers(protocol === 'https' ? SECURITY_FIELDS_OF_HTTPS : SECURITY_FIELDS)
}

/** Whether a browser says that a page of another origin makes it write (Fetch Metadata §2.3). */
function isForeignWrite(request: FastifyRequest): boolean {
  const { 'sec-fetch-site': site, origin } = request.headers
  if (site !== 'cross-site' && site !== 'same-site') return false
  return isWrite(request) && corsFields(request.server.config, origin) === undefined
}

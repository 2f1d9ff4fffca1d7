import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { SECURITY_FIELDS, SECURITY_FIELDS_OF_HTTPS } from '../src/http/security-fields.ts'

/**
 * Security: the fields that tell a browser what it may do with a reply, which is to show it.
 *
 * A route with a page that needs more gives it a Content-Security-Policy of its own.
 */
export default fp(
  async (app) => {
    app.addHook('onRequest', (request, reply, done) => {
      setSecurityFields(request, reply)
      done()
    })
  },
  { name: 'security' },
)

/** @param request which came by HTTPS where a proxy says so that TRUST_PROXY names. */
export function setSecurityFields({ protocol }: FastifyRequest, reply: FastifyReply) {
  reply.headers(protocol === 'https' ? SECURITY_FIELDS_OF_HTTPS : SECURITY_FIELDS)
}

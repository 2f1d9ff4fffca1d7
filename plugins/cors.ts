import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type Static, Type } from 'typebox'
import { addHook } from '../src/hooks.ts'
import { corsFields, varyOf } from '../src/http/cors-fields.ts'
import { parseOptions } from '../src/plugin-options.ts'

export const CorsOptions = Type.Object({
  allowedOrigins: Type.Array(Type.String(), {
    default: [],
    description: 'Origins whose pages may call the service and read its responses; * allows any',
  }),
})
export type CorsOptions = Partial<Static<typeof CorsOptions>>

/** Options of the service, from its configuration. */
export const autoConfig = ({ config }: FastifyInstance): CorsOptions => config.cors

/**
 * CORS: what pages of other origins may ask for and read (Fetch §3.3), which is all or nothing.
 *
 * Pages of CORS_ORIGIN may send whatever a resource has a method for, read every field, and errors too.
 * A browser adds nothing of its own: who they are is in the Authorization that their scripts send. So a
 * page has no rights that its server would not have, and CORS needs no more rules than this.
 */
export default fp(
  async (app, given: CorsOptions) => {
    const options = parseOptions('cors', CorsOptions, given)
    const { allowedOrigins } = options
    if (allowedOrigins.length === 0) return
    const setCorsFields = ({ headers }: FastifyRequest, reply: FastifyReply) =>
      void reply.headers(corsFields(allowedOrigins, headers.origin) ?? {})
    addHook(app, 'onRequest', 'cors', setCorsFields)
    addHook(app, 'onErrorReply', 'cors', setCorsFields)
    addHook(app, 'onSend', 'cors', (request, reply, payload) => {
      if (isPreflight(request) && reply.hasHeader(ALLOWED)) allowMethods(reply)
      reply.header('vary', varyOf(allowedOrigins, String(reply.getHeader('vary'))))
      return payload
    })
  },
  { name: 'cors' },
)

const ALLOWED = 'access-control-allow-origin'

/** Whether a browser asks what a page may send, before it does. */
function isPreflight({ method, headers }: FastifyRequest): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined
}

/** How long a browser may remember the answer, in seconds: as long as any of them does. */
const MAX_AGE = '7200'

/** Allows the methods that the resource has, which `plugins/routing/index.ts` has found out. */
function allowMethods(reply: FastifyReply) {
  const methods = reply.getHeader('allow')
  if (methods === undefined) return
  reply.headers({
    'access-control-allow-methods': methods,
    'access-control-allow-headers': '*, Authorization', // the wildcard does not include it
    'access-control-max-age': MAX_AGE,
  })
}

/**
 * CORS: lets pages of allowed origins call the API and read every response (Fetch §3.3).
 *
 * Such pages may use every method of a resource, and read every header field, also of error responses. The browser must
 * not attach credentials by itself, so scripts have to send Authorization. A page can therefore do no more than any
 * other client, and finer rules are not needed.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type Static, Type } from 'typebox'
import { addHook } from '../src/hooks.ts'
import { corsFields, varyOf } from '../src/http/cors-fields.ts'
import { parseOptions } from '../src/plugin-options.ts'

export const CorsOptions = Type.Object({
  allowedOrigins: Type.Array(Type.String(), {
    default: [],
    description:
      'Origins whose pages may call the API and read its responses, such as https://a.example, ' +
      'or https://*.a.example for the subdomains of a.example; * allows any',
  }),
})
export type CorsOptions = Partial<Static<typeof CorsOptions>>
export const autoConfig = ({ config }: FastifyInstance): CorsOptions => config.cors

/** Seconds for which a browser may cache a preflight response; Chromium's maximum. */
const MAX_AGE_SECONDS = 7_200

const ALLOW_ORIGIN = 'access-control-allow-origin'

async function cors(app: FastifyInstance, options: CorsOptions) {
  const { allowedOrigins } = parseOptions('cors', CorsOptions, options)
  if (allowedOrigins.length === 0) return

  const setCorsFields = ({ headers }: FastifyRequest, reply: FastifyReply) => {
    const fields = corsFields(allowedOrigins, headers.origin)
    if (fields) reply.headers(fields)
  }
  addHook(app, 'onRequest', 'cors', setCorsFields)
  addHook(app, 'onErrorReply', 'cors', setCorsFields)
  addHook(app, 'onSend', 'cors', (request, reply, payload) => {
    if (isPreflight(request) && reply.hasHeader(ALLOW_ORIGIN)) allowMethods(reply)
    const vary = varyOf(allowedOrigins, reply.getHeader('vary')?.toString())
    if (vary) reply.header('vary', vary)
    return payload
  })
}

/** Returns true for a preflight, which browsers send before requests that HTML forms cannot send. */
function isPreflight({ method, headers }: FastifyRequest): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined
}

/** Allows the methods of the resource, which the routing plugin has listed in Allow. */
function allowMethods(reply: FastifyReply) {
  const methods = reply.getHeader('allow')
  if (methods === undefined) return
  reply.headers({
    'access-control-allow-methods': methods,
    'access-control-allow-headers': '*, Authorization', // the wildcard does not cover Authorization
    'access-control-max-age': String(MAX_AGE_SECONDS),
  })
}

export default fp(cors, { name: 'cors', fastify: '5.x' })

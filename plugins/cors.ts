import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Config } from '../src/config.ts'

/**
 * CORS: what pages of other origins may ask for and read (Fetch §3.3), which is all or nothing.
 *
 * Pages of CORS_ORIGIN may send whatever a resource has a method for, read every field, and errors too.
 * A browser adds nothing of its own: who they are is in the Authorization that their scripts send. So a
 * page has no rights that its server would not have, and CORS needs no more rules than this.
 */
export default fp(
  async (app) => {
    const { CORS_ORIGIN } = app.config
    if (CORS_ORIGIN.length === 0) return
    app.addHook('onRequest', (request, reply, done) => {
      setCorsFields(request, reply)
      done()
    })
    app.addHook('onSend', (request, reply, _payload, done) => {
      if (isPreflight(request) && reply.hasHeader(ALLOWED)) allowMethods(reply)
      reply.header('vary', varyOf(app.config, String(reply.getHeader('vary'))))
      done()
    })
  },
  { name: 'cors' },
)

const ANY = '*'
const ALLOWED = 'access-control-allow-origin'

/** Lets pages of the origins in CORS_ORIGIN read the reply. */
export function setCorsFields({ headers, server }: FastifyRequest, reply: FastifyReply) {
  reply.headers(corsFields(server.config, headers.origin) ?? {})
}

/** The fields that let a page of this origin read a reply; undefined where it may not. */
export function corsFields({ CORS_ORIGIN }: Config, from: string | undefined) {
  const found = CORS_ORIGIN.find((origin) => origin === ANY || origin === from)
  return found ? { [ALLOWED]: found, 'access-control-expose-headers': ANY } : undefined
}

/** What a reply varies with. Where it is the same for all origins, caches need not tell them apart. */
export function varyOf({ CORS_ORIGIN }: Config, vary: string): string {
  return CORS_ORIGIN.length === 0 || CORS_ORIGIN.includes(ANY) ? vary : `${vary}, Origin`
}

/** Whether a browser asks what a page may send, before it does. */
function isPreflight({ method, headers }: FastifyRequest): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined
}

/** How long a browser may remember the answer, in seconds: as long as any of them does. */
const MAX_AGE = '7200'

/** Allows the methods that the resource has, which `plugins/routing.ts` has found out. */
function allowMethods(reply: FastifyReply) {
  const methods = reply.getHeader('allow')
  if (methods === undefined) return
  reply.headers({
    'access-control-allow-methods': methods,
    'access-control-allow-headers': `${ANY}, Authorization`, // which no wildcard covers
    'access-control-max-age': MAX_AGE,
  })
}

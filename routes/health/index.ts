import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { PROBE } from '../../plugins/readiness.ts'
import { unavailable } from '../../src/http/http-error.ts'
import { readLiveness, readReadiness } from './schema.ts'

/** No answer tells of a later moment. */
const NO_STORE = { 'cache-control': 'no-store' }

const routes: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/health/live', { schema: readLiveness, config: PROBE }, (_request, reply) =>
    reply.headers(NO_STORE).represent(viewsOf('alive')),
  )

  app.get('/health/ready', { schema: readReadiness, config: PROBE }, async (_request, reply) => {
    const unready = await app.findUnready()
    if (unready.length > 0) {
      throw unavailable(`not ready: ${unready.join(', ')}`, NO_STORE)
    }
    return reply.headers(NO_STORE).represent(viewsOf('ready'))
  })
}
export default routes

function viewsOf(status: string) {
  return { 'text/plain': `${status}\n`, 'application/json': { status } }
}

declare module '../../plugins/routing.ts' {
  interface NamedRoutes {
    readLiveness: null
    readReadiness: null
  }
}

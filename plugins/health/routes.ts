import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Static } from 'typebox'
import { unavailable } from '../../src/http/http-error.ts'
import { PROBE } from './index.ts'
import { type Health, readLiveness, readReadiness } from './schema.ts'

/** No answer tells of a later moment. */
const NO_STORE = { 'cache-control': 'no-store' }

const routes: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/health/live', { schema: readLiveness, config: PROBE }, (_request, reply) =>
    reply.headers(NO_STORE).represent(viewsOf({ status: 'alive' })),
  )

  app.get('/health/ready', { schema: readReadiness, config: PROBE }, async (_request, reply) => {
    const parts = await app.checkHealth()
    const failing = Object.keys(parts).filter((name) => parts[name] === 'fail')
    if (failing.length > 0) {
      const detail = `not ready: ${failing.join(', ')}`
      throw unavailable(detail, { headers: NO_STORE, members: { parts } })
    }
    return reply.headers(NO_STORE).represent(viewsOf({ status: 'ready', parts }))
  })
}
export default routes

function viewsOf(health: Static<typeof Health>) {
  return { 'text/plain': `${health.status}\n`, 'application/json': health }
}

declare module '../routing/index.ts' {
  interface NamedRoutes {
    readLiveness: null
    readReadiness: null
  }
}

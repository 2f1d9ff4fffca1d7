/** Health routes: liveness and readiness, as orchestrators and load balancers probe them. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Static } from 'typebox'
import { unavailable } from '../../src/http/http-error.ts'
import { PROBE_ROUTE } from '../../src/probe-route.ts'
import { type Health, readLiveness, readReadiness } from './schema.ts'

const routes: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/health/live', { schema: readLiveness, config: PROBE_ROUTE }, (_request, reply) =>
    reply.represent(viewsOf({ status: 'alive' })),
  )

  app.get(
    '/health/ready',
    { schema: readReadiness, config: PROBE_ROUTE },
    async (_request, reply) => {
      const parts = await app.checkHealth()
      const failing = Object.keys(parts).filter((name) => parts[name] === 'fail')
      if (failing.length > 0) {
        const detail = `not ready: ${failing.join(', ')}`
        throw unavailable(detail, { members: { parts } })
      }
      return reply.represent(viewsOf({ status: 'ready', parts }))
    },
  )
}

function viewsOf(health: Static<typeof Health>) {
  return { 'text/plain': `${health.status}\n`, 'application/json': health }
}

export default routes

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { PROBE } from '../../plugins/readiness.ts'
import { writeMetrics } from '../../src/metrics/exposition.ts'
import { readMetrics } from './schema.ts'

const routes: FastifyPluginAsyncTypebox = async (app) => {
  if (!app.config.SERVES_METRICS) return
  app.get('/metrics', { schema: readMetrics, config: PROBE }, async (_request, reply) => {
    const families = await app.metrics.readAll()
    reply.header('cache-control', 'no-store')
    return writeMetrics(families, String(reply.getHeader('content-type')))
  })
}
export default routes

declare module '../../plugins/routing.ts' {
  interface NamedRoutes {
    readMetrics: null
  }
}

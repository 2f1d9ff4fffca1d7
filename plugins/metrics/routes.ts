/** The route that Prometheus scrapes. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { writeMetrics } from '../../src/metrics/exposition.ts'
import { PROBE_ROUTE } from '../../src/probe-route.ts'
import { readMetrics } from './schema.ts'

export interface MetricsRouteOptions {
  /** True if `/metrics` is served on the clients' port. */
  onClientPort?: boolean
}
export const autoConfig = ({ config }: FastifyInstance): MetricsRouteOptions => config.metrics

const routes: FastifyPluginAsyncTypebox<MetricsRouteOptions> = async (app, options) => {
  const { metrics } = app
  if (!metrics || options.onClientPort === false) return
  app.get('/metrics', { schema: readMetrics, config: PROBE_ROUTE }, async (_request, reply) => {
    const families = await metrics.readAll()
    reply.header('cache-control', 'no-store')
    return writeMetrics(families, String(reply.getHeader('content-type')))
  })
}

export default routes

/** The route that Prometheus scrapes. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { writeMetrics } from '../../src/metrics/exposition.ts'
import { parseOptions } from '../../src/plugin-options.ts'
import { PROBE_ROUTE } from '../../src/probe-route.ts'
import { readMetrics } from './schema.ts'

export const MetricsRouteOptions = Type.Object({
  onClientPort: Type.Boolean({
    default: true,
    description: 'True if the port that the app listens on serves `/metrics`.',
  }),
})
export type MetricsRouteOptions = Partial<Static<typeof MetricsRouteOptions>>
export const autoConfig = ({ config }: FastifyInstance): MetricsRouteOptions => config.metrics

const routes: FastifyPluginAsyncTypebox<MetricsRouteOptions> = async (app, options) => {
  const { onClientPort } = parseOptions('metrics/routes', MetricsRouteOptions, options)
  const { metrics } = app
  if (!metrics || !onClientPort) return
  app.get('/metrics', { schema: readMetrics, config: PROBE_ROUTE }, async (_request, reply) => {
    const families = await metrics.readAll()
    return writeMetrics(families, String(reply.getHeader('content-type')))
  })
}

export default routes

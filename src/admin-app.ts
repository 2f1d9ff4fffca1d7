/** The admin app: health and metrics of the service on a separate port, ADMIN_PORT. */
import fastify, { type FastifyInstance } from 'fastify'
import caching from '../plugins/caching.ts'
import connection from '../plugins/connection/index.ts'
import deadlines from '../plugins/deadlines.ts'
import errors from '../plugins/errors/index.ts'
import framing from '../plugins/framing.ts'
import healthRoutes from '../plugins/health/routes.ts'
import logging from '../plugins/logging/index.ts'
import metricsRoutes from '../plugins/metrics/routes.ts'
import negotiation from '../plugins/negotiation/index.ts'
import routing from '../plugins/routing/index.ts'
import security from '../plugins/security.ts'
import { fastifyOptions } from './fastify-options.ts'

/**
 * Builds the admin app that belongs to `app`. The admin app has only the plugins that every response needs, and no
 * routes for clients. Closing `app` also closes the admin app.
 */
export async function buildAdminApp(app: FastifyInstance): Promise<FastifyInstance> {
  const { config, log, metrics } = app
  const admin = fastify({ ...fastifyOptions(config), loggerInstance: log })
  admin.decorate('metrics', metrics)
  admin.decorate('checkHealth', () => app.checkHealth())
  for (const plugin of [connection, errors, negotiation, routing, logging, framing, caching]) {
    await admin.register(plugin)
  }
  await admin.register(security, config.security)
  await admin.register(deadlines, config.deadlines)
  await admin.register(healthRoutes)
  await admin.register(metricsRoutes)
  app.addHook('onClose', () => admin.close())
  return admin
}

import { join } from 'node:path'
import autoload from '@fastify/autoload'
import fastify, { type FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { factoryOptions } from './app.ts'

/** What an answer takes; there is nothing else to do to these requests. */
const PLUGINS =
  /\/(?:connection|cors|deadlines|debug|errors|framing|logging|negotiation|rate-limit|routing|security)\.ts$/

const ROUTES = /\/(?:health|metrics)\//

/**
 * Builds what operators ask on a port of their own: the health and the metrics of an app, and nothing
 * that clients could reach. It is closed with the app, and answers until then.
 */
export async function buildOperations(app: FastifyInstance): Promise<FastifyInstance> {
  const { config, log, metrics } = app
  const operations = fastify({ ...factoryOptions(config), loggerInstance: log })
  operations.decorate('config', { ...config, RATE_LIMIT: 0, SERVES_METRICS: true })
  // these are neither measured nor traced
  await operations.register(
    fp(async (app) => void app.decorate('metrics', metrics), { name: 'metrics' }),
  )
  await operations.register(fp(async () => {}, { name: 'tracing' }))
  operations.decorate('checkReadiness', () => app.checkReadiness())
  await operations.register(autoload, {
    dir: join(import.meta.dirname, '../plugins'),
    matchFilter: PLUGINS,
  })
  await operations.register(autoload, {
    dir: join(import.meta.dirname, '../routes'),
    dirNameRoutePrefix: false,
    matchFilter: ROUTES,
  })
  app.addHook('onClose', () => operations.close())
  return operations
}

import cluster from 'node:cluster'
import { inspect } from 'node:util'
import type { FastifyInstance } from 'fastify'
import { createLogger } from '../plugins/logging/logger.ts'
import { buildAdminApp } from './admin-app.ts'
import { buildApp } from './app.ts'
import { type Order, type Report, supervise } from './cluster/supervisor.ts'
import { readThrough } from './cluster/worker-metrics.ts'
import { type Config, parseConfig } from './config.ts'
import { ConfigError } from './config-error.ts'
import { loadEnvironment } from './environment.ts'
import { StorageError } from './storage/database.ts'
import { isSystemError } from './system-error.ts'

try {
  loadEnvironment()
  const config = parseConfig(process.env)
  if (config.server.workers > 1 && cluster.isPrimary) {
    const log = createLogger(config.logging)
    process.exitCode = await supervise(config.server.workers, (details, message) =>
      log.error(details, message),
    )
  } else {
    await serve(config)
  }
} catch (error) {
  console.error(`restful-web-api cannot start: ${explain(error)}`)
  process.exit(1)
}

/**
 * Listens until SIGINT or SIGTERM, then answers what is in flight and ends with exit code 0; with 1
 * where connections had to be cut, or an error that nobody caught was the reason to end.
 */
async function serve(config: Config) {
  let app: FastifyInstance | undefined
  let areWorkersReady = !cluster.isWorker

  async function end(exitCode: 0 | 1, untilClosing?: () => Promise<void>) {
    // who asks twice does not want to wait, and what has not begun has nothing to end
    if (!app || app.isDraining) process.exit(1)
    const cut = await app.drain(untilClosing)
    process.exit(cut > 0 ? 1 : exitCode)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // a worker takes its supervisor's word alone
      if (!cluster.isWorker) void end(0)
    })
  }
  process.on('message', (order: Order) => {
    // one that ends by itself goes on with that, and leaves clients to the others
    if (order === 'drain' && !app?.isDraining) void end(0, nobodyListens)
    if (order === 'ready' || order === 'not ready') areWorkersReady = order === 'ready'
  })

  app = await buildApp(config)
  const { log } = app
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'uncaught error')
    void end(1)
  })
  app.addHealthCheck?.('workers', async () => areWorkersReady)
  if (cluster.worker && app.metrics) {
    app.metrics.readAll = readThrough(cluster.worker, app.metrics.read)
  }
  const { host, port, adminHost, adminPort } = config.server
  const adminApp = adminPort > 0 ? await buildAdminApp(app) : undefined
  await app.listen({ host, port })
  await adminApp?.listen({ host: adminHost, port: adminPort })
}

/** Tells the supervisor that this worker does not listen any more, and waits until none does. */
async function nobodyListens() {
  process.send?.('deaf' satisfies Report)
  const { promise, resolve } = Promise.withResolvers<void>()
  process.on('message', (order: Order) => order === 'close' && resolve())
  await promise
}

/** One line for what an operator can mend; the stack for what only a developer can. */
function explain(error: unknown): string {
  if (error instanceof ConfigError || error instanceof StorageError) return error.message
  if (isSystemError(error, 'EADDRINUSE')) return `the address is in use: ${error.message}`
  if (isSystemError(error)) return error.message
  return inspect(error)
}

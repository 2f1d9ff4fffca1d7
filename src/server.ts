/** Loaded by start.js, the entry point. Reads the configuration, and runs one process or a supervisor. */
import cluster from 'node:cluster'
import { inspect } from 'node:util'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type { Accounts } from '../plugins/auth/replaceable-accounts.ts'
import { createLogger } from '../plugins/logging/logger.ts'
import { buildAdminApp } from './admin-app.ts'
import { buildApp } from './app.ts'
import { sendHeartbeats } from './cluster/heartbeat.ts'
import type { SupervisorMessage, WorkerMessage } from './cluster/messages.ts'
import { broadcast, supervise } from './cluster/supervisor.ts'
import { shareMetrics } from './cluster/worker-metrics.ts'
import { type Config, parseConfig } from './config.ts'
import { ConfigError } from './config-error.ts'
import { connectionsWithin, readDescriptorLimit } from './descriptor-limit.ts'
import { isWideBlock } from './http/client-address.ts'
import { type EnvironmentFile, findUnknownVariables, loadEnvironment } from './load-environment.ts'
import type { Variables } from './read-environment.ts'
import { reload, reopenLog } from './reload.ts'
import { onReloadSignal, onStopSignal } from './stop-signals.js'
import { StorageError } from './storage/database.ts'
import { isSystemError } from './system-error.ts'

if (cluster.isWorker) sendHeartbeats(send) // from the beginning, since the database may delay the start

try {
  const given = { ...process.env }
  const inFile = loadEnvironment()
  const config = parseConfig(process.env)
  if (config.server.workers > 1 && cluster.isPrimary) {
    const log = createLogger(config.logging)
    onReloadSignal(() => broadcast({ reload: reload(log, given, config) }))
    process.exitCode = await supervise({
      count: config.server.workers,
      shutdownMs: config.shutdown.delayMs + config.shutdown.timeoutMs,
      logError: (details, message) => log.error(details, message),
    })
  } else {
    await serve(config, given, inFile)
  }
} catch (error) {
  console.error(`restful-web-api cannot start: ${describeStartError(error)}`)
  process.exit(1)
}

/**
 * Serves until a signal, an uncaught error or a message of the supervisor, then answers requests in flight and
 * exits. The exit code is 0, or 1 after an uncaught error or if connections had to be cut.
 */
async function serve(config: Config, given: Variables, inFile: EnvironmentFile) {
  let app: FastifyInstance | undefined
  let accounts: Accounts | undefined

  async function shutDown(exitCode: 0 | 1, untilClosing?: () => Promise<void>) {
    // Exits at once if the start is not complete, or after a second signal.
    if (!app || app.isDraining) process.exit(1)
    const cutConnections = await app.drain(untilClosing)
    process.exit(cutConnections > 0 ? 1 : exitCode)
  }
  onStopSignal(() => {
    // Ctrl-C also sends the signal to workers, which wait for the supervisor's message instead.
    if (!cluster.isWorker) void shutDown(0)
  })
  function replaceAccounts(reloaded: Accounts | undefined) {
    accounts = reloaded ?? accounts
    if (accounts) app?.replaceAccounts?.(accounts)
  }
  process.on('message', (message: SupervisorMessage) => {
    if (typeof message === 'object' && 'reload' in message) {
      if (app) reopenLog(app.log)
      replaceAccounts(message.reload)
    }
    // A worker that is already shutting down because of an uncaught error ignores the message.
    if (message === 'drain' && !app?.isDraining) void shutDown(0, untilNoneListens)
  })

  app = await buildApp(config)
  const { log } = app
  if (cluster.isWorker)
    replaceAccounts(accounts) // those of a reload during the start
  else onReloadSignal(() => replaceAccounts(reload(log, given, config)))
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'uncaught error')
    void shutDown(1)
  })
  addWorkersCheck(app)
  if (cluster.worker && app.metrics) {
    app.metrics.readAll = shareMetrics(cluster.worker, app.metrics.read)
  }
  const { host, port, adminHost, adminPort } = config.server
  const adminApp = adminPort > 0 ? await buildAdminApp(app) : undefined
  // The first worker warns for all workers. A worker that replaces it has another id.
  if ((cluster.worker?.id ?? 1) === 1) warnOfSettings(config, inFile, log)
  await listen(app, 'PORT', { host, port })
  if (adminApp) await listen(adminApp, 'ADMIN_PORT', { host: adminHost, port: adminPort })
  if (cluster.isWorker) send('listening')
}

/** Sends a message to the supervisor. */
function send(message: WorkerMessage) {
  // Without a callback, an error would be thrown if the supervisor has just exited.
  process.send?.(message, () => {})
}

/** @throws {ConfigError} if the port is in use */
async function listen(app: FastifyInstance, key: string, address: { host: string; port: number }) {
  try {
    await app.listen(address)
  } catch (error) {
    if (!isSystemError(error, 'EADDRINUSE')) throw error
    throw new ConfigError(
      `${key} is ${address.port}: this port of ${address.host} is in use: ` +
        `stop the program that listens there, or set ${key} to another port`,
    )
  }
}

/** Logs settings that nothing reads, and settings that expose the service. */
function warnOfSettings(config: Config, inFile: EnvironmentFile, log: FastifyBaseLogger) {
  const { hosts, server } = config
  for (const { variable, similar } of findUnknownVariables(process.env, inFile.names)) {
    log.warn({ variable, similar }, 'unknown environment variable')
  }
  for (const line of inFile.strayLines) {
    log.warn({ line }, '.env has a line that sets no variable: write NAME=VALUE')
  }
  const limit = readDescriptorLimit()
  const connections = connectionsWithin(limit, config)
  if (connections < server.maxConnections) {
    log.warn({ limit, connections }, 'too few file descriptors for MAX_CONNECTIONS')
  }
  const blocks = server.trustProxy.filter(isWideBlock)
  if (blocks.length > 0) {
    log.warn({ blocks }, 'TRUST_PROXY has a block so wide that clients may have addresses in it')
  }
  if (hosts.onlyLoopback) {
    log.warn(
      'the public accounts of the tutorial are accepted: set AUTH_USERS or AUTH_TOKENS before others can reach the service',
    )
  }
}

/** Adds a health check that passes if all workers listen. Without a supervisor, the check always passes. */
function addWorkersCheck({ addHealthCheck }: FastifyInstance) {
  let areAllListening = !cluster.isWorker
  process.on('message', (message: SupervisorMessage) => {
    if (message === 'ready' || message === 'not ready') areAllListening = message === 'ready'
  })
  addHealthCheck?.('workers', async () => areAllListening)
}

/** Reports that this worker has stopped listening, and waits until no worker listens. */
async function untilNoneListens() {
  send('not-listening')
  const { promise, resolve } = Promise.withResolvers<void>()
  process.on('message', (message: SupervisorMessage) => message === 'close' && resolve())
  await promise
}

/** Returns one line for errors that an operator can fix, otherwise the stack. */
function describeStartError(error: unknown): string {
  if (error instanceof ConfigError || error instanceof StorageError) return error.message
  if (isSystemError(error)) return error.message
  return inspect(error)
}

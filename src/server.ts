import { inspect } from 'node:util'
import { buildApp } from './app.ts'
import { ConfigError, parseConfig } from './config.ts'
import { loadEnvironment } from './environment.ts'
import { StorageError } from './storage/database.ts'
import { isSystemError } from './system-error.ts'

try {
  loadEnvironment()
  await serve()
} catch (error) {
  console.error(`restful-web-api cannot start: ${explain(error)}`)
  process.exit(1)
}

/**
 * Listens until SIGINT or SIGTERM, then answers what is in flight and ends with exit code 0; with 1
 * where connections had to be cut, or an error that nobody caught was the reason to end.
 */
async function serve() {
  const config = parseConfig(process.env)
  const app = await buildApp(config)
  await app.listen({ host: config.HOST, port: config.PORT })

  async function end(exitCode: 0 | 1) {
    // who asks twice does not want to wait
    if (app.isDraining) process.exit(1)
    process.exitCode = exitCode
    if ((await app.drain()) > 0) process.exitCode = 1
  }
  process.on('SIGINT', () => void end(0))
  process.on('SIGTERM', () => void end(0))
  process.on('uncaughtException', (error) => {
    app.log.fatal({ err: error }, 'uncaught error')
    void end(1)
  })
}

/** One line for what an operator can mend; the stack for what only a developer can. */
function explain(error: unknown): string {
  if (error instanceof ConfigError || error instanceof StorageError) return error.message
  if (isSystemError(error, 'EADDRINUSE')) return `the address is in use: ${error.message}`
  if (isSystemError(error)) return error.message
  return inspect(error)
}

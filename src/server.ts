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

/** Listens until SIGINT or SIGTERM, then answers what is in flight and ends with exit code 0. */
async function serve() {
  const config = parseConfig(process.env)
  const app = await buildApp(config)
  await app.listen({ host: config.HOST, port: config.PORT })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void app.close())
  }
}

/** One line for what an operator can mend; the stack for what only a developer can. */
function explain(error: unknown): string {
  if (error instanceof ConfigError || error instanceof StorageError) return error.message
  if (isSystemError(error, 'EADDRINUSE')) return `the address is in use: ${error.message}`
  if (isSystemError(error)) return error.message
  return inspect(error)
}

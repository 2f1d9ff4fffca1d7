import { inspect } from 'node:util'
import { buildApp } from './app.ts'
import { ConfigError, parseConfig } from './config.ts'
import { messageOf } from './error-message.ts'
import { StorageError } from './storage/database.ts'

try {
  loadEnvironment()
  await serve()
} catch (error) {
  console.error(`restful-web-api cannot start: ${explain(error)}`)
  process.exit(1)
}

/** Adds what `.env` says to the environment, where there is such a file. */
function loadEnvironment() {
  try {
    process.loadEnvFile('.env')
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return
    throw new ConfigError(`.env cannot be read: ${messageOf(error).split('\n')[0]}`)
  }
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

/** Whether the operating system refused: `syscall` is set on those errors alone. */
function isSystemError(error: unknown, code?: string): error is NodeJS.ErrnoException {
  return (
    error instanceof Error && 'syscall' in error && (!code || Reflect.get(error, 'code') === code)
  )
}

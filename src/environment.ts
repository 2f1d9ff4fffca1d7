import { ConfigError } from './config.ts'
import { messageOf } from './error-message.ts'
import { isSystemError } from './system-error.ts'

/**
 * Adds what `.env` says to the environment, where there is such a file.
 *
 * @throws {ConfigError} for one that cannot be read.
 */
export function loadEnvironment(): void {
  try {
    process.loadEnvFile('.env')
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return
    throw new ConfigError(`.env cannot be read: ${messageOf(error).split('\n')[0]}`)
  }
}

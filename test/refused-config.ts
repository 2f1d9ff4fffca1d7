import { parseConfig } from '../src/config.ts'
import { ConfigError } from '../src/config-error.ts'

/** Returns the error with which the configuration refuses environment variables. */
export function refusalOf(env: Record<string, string>): ConfigError {
  try {
    parseConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error(`${JSON.stringify(env)} was accepted`)
}

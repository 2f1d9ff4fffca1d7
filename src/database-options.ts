/** Options of the database, and settings that a database in memory does not allow. */
import { availableParallelism } from 'node:os'
import { ConfigError } from './config-error.ts'
import type { Settings } from './read-environment.ts'

type DatabaseSettings = Pick<Settings, 'DATABASE_URL' | 'DATABASE_TIMEOUT' | 'DATABASE_CONNECTIONS'>

const IN_MEMORY = 'sqlite::memory:'

/** Returns the options of a connection to the database. */
export function databaseOptions(settings: DatabaseSettings) {
  return {
    url: settings.DATABASE_URL,
    timeoutMs: settings.DATABASE_TIMEOUT,
    connections: settings.DATABASE_CONNECTIONS,
  }
}

/** @throws {ConfigError} if the service would wait for migrations of a database that only this process has */
export function storageOptions(settings: Settings) {
  const { MIGRATE, DATABASE_URL } = settings
  if (MIGRATE === 'check' && DATABASE_URL === IN_MEMORY) {
    throw new ConfigError(
      `MIGRATE is "check": ${IN_MEMORY} allows only auto, since no other process can migrate this database`,
    )
  }
  return { ...databaseOptions(settings), migrate: MIGRATE }
}

/** @throws {ConfigError} for several workers with a database in memory */
export function countWorkers({ WORKERS, DATABASE_URL }: Settings): number {
  const count = WORKERS === 'auto' ? availableParallelism() : Number(WORKERS)
  if (count === 1 || DATABASE_URL !== IN_MEMORY) return count
  throw new ConfigError(
    `WORKERS is ${JSON.stringify(WORKERS)}: ${IN_MEMORY} allows only 1, since each process would have a database of its own`,
  )
}

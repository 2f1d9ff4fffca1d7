import { messageOf } from '../error-message.ts'
import {
  type Database,
  type EngineOptions,
  type OnWait,
  type Source,
  StorageError,
} from './database.ts'
import { refuseIncompatible } from './migration-state.ts'

export type DatabaseOptions = Partial<EngineOptions>

/**
 * Opens a database.
 *
 * @param url `sqlite:FILE` (a missing file or folder is created), `sqlite::memory:`, or `postgres://…` with the
 * parameters of libpq
 * @throws {StorageError} for a file that cannot be opened, is not a database, or needs a later version
 */
export async function openDatabase(
  url: string,
  { timeoutMs = 1_000, connections = 10, measure, onWait }: DatabaseOptions = {},
): Promise<Database> {
  const file = fileOf(url)
  if (file === undefined) {
    const { openPostgres } = await import('./engines/postgres.ts')
    return openPostgres(url, { timeoutMs, connections, measure, onWait })
  }
  const { openSqlite } = await import('./engines/sqlite.ts')
  try {
    await refuseIncompatible(await openSource(url, timeoutMs))
    return openSqlite(file, { timeoutMs, measure, onWait })
  } catch (error) {
    throw new StorageError(`cannot open the database ${file}: ${messageOf(error)}`)
  }
}

/**
 * Returns a database that is only read. Each snapshot opens a new connection.
 *
 * @param onWait called every few seconds while a snapshot of PostgreSQL waits for a migration
 */
export async function openSource(url: string, timeoutMs: number, onWait?: OnWait): Promise<Source> {
  const file = fileOf(url)
  if (file === undefined)
    return (await import('./engines/postgres.ts')).postgresSource(url, timeoutMs, onWait)
  return (await import('./engines/sqlite-source.ts')).sqliteSource(file)
}

/** Returns the file of a SQLite URL; undefined for PostgreSQL. */
export function fileOf(url: string): string | undefined {
  return url.startsWith('sqlite:') ? url.slice('sqlite:'.length) : undefined
}

import { messageOf } from '../error-message.ts'
import { type Database, type Measure, type Source, StorageError } from './database.ts'

export interface DatabaseOptions {
  /** Time limit for an answer of the database, in milliseconds. */
  timeout?: number
  /** Maximum number of connections to PostgreSQL. */
  connections?: number
  /** Returns a function that records a statement's duration, in seconds. */
  measure?: Measure | undefined
}

/**
 * Opens the database of a URL.
 *
 * @param url `sqlite:FILE` (created with its folder if it does not exist), `sqlite::memory:`, or
 * `postgres://…` (with the parameters of libpq)
 * @throws {StorageError} if the file cannot be opened, is not a database or has a newer schema
 */
export async function openDatabase(
  url: string,
  { timeout = 1_000, connections = 10, measure }: DatabaseOptions = {},
): Promise<Database> {
  const file = fileOf(url)
  if (file === undefined) {
    const { openPostgres } = await import('./engines/postgres.ts')
    return openPostgres(url, timeout, connections, measure)
  }
  const { openSqlite } = await import('./engines/sqlite.ts')
  const { refuseNewer } = await import('./migrations.ts')
  try {
    await refuseNewer(await openSource(url, timeout))
    return openSqlite(file, timeout, measure)
  } catch (error) {
    throw new StorageError(`cannot open the database ${file}: ${messageOf(error)}`)
  }
}

/** Returns the database of a URL, for reading; it is opened for each snapshot. */
export async function openSource(url: string, timeout: number): Promise<Source> {
  const file = fileOf(url)
  if (file === undefined)
    return (await import('./engines/postgres.ts')).postgresSource(url, timeout)
  return (await import('./engines/sqlite-source.ts')).sqliteSource(file)
}

/** Returns the file of an SQLite URL; undefined for PostgreSQL. */
export function fileOf(url: string): string | undefined {
  return url.startsWith('sqlite:') ? url.slice('sqlite:'.length) : undefined
}

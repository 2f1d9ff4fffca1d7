import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { Kysely, SqliteDialect, sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import { messageOf } from '../error-message.ts'
import * as resources from './migrations/001-resources.ts'
import * as tutorial from './migrations/002-tutorial.ts'
import * as versions from './migrations/003-versions.ts'
import { openSqlite } from './node-sqlite.ts'
import type { Database } from './schema.ts'

/** A database that cannot be used. The message is one line, for an operator. */
export class StorageError extends Error {}

/** Every step from an empty database to today's schema. One that was released is never changed. */
const MIGRATIONS = {
  '001-resources': resources,
  '002-tutorial': tutorial,
  '003-versions': versions,
}

/**
 * Opens the database that a URL names; a file that is not there yet is made, with its folder.
 *
 * @param url `sqlite:FILE` or `sqlite::memory:`.
 * @throws {StorageError} for a file that cannot be opened or is no database.
 */
export function openDatabase(url: string): Database {
  const file = url.slice('sqlite:'.length)
  try {
    if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true })
    return new Kysely({ dialect: new SqliteDialect({ database: openSqlite(file) }) })
  } catch (error) {
    throw new StorageError(`cannot open the database ${file}: ${messageOf(error)}`)
  }
}

/**
 * Brings the schema up to date, all of it or nothing; the first time, with the tutorial's data.
 *
 * @throws {StorageError} for a schema that is newer than this code, and leaves it untouched.
 */
export async function migrate(database: Database): Promise<void> {
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: async () => MIGRATIONS },
  })
  // SQLite's schema changes are transactional, and the lock keeps out who starts at the same time
  try {
    await sql`begin immediate`.execute(database)
    const { error } = await migrator.migrateToLatest()
    await sql.raw(error ? 'rollback' : 'commit').execute(database)
    if (error) throw error
  } catch (error) {
    throw new StorageError(`cannot migrate the database: ${messageOf(error)}`)
  }
}

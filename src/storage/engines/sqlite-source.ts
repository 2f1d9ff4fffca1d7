import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Kysely, SqliteDialect } from 'kysely'
import { type Source, StorageError } from '../database.ts'
import type { Schema } from '../schema.ts'
import { adapt, START_TIMEOUT_MS } from './sqlite.ts'
import { SQLITE_DIALECT } from './sqlite-dialect.ts'
import { refuseStaleLog } from './sqlite-file.ts'

/** Returns a SQLite file that is only read: never created, changed or switched to WAL mode. */
export function sqliteSource(file: string): Source {
  return {
    dialect: SQLITE_DIALECT,
    async readSnapshot(work) {
      const database = openExisting(file)
      try {
        const dialect = new SqliteDialect({ database: adapt(database) })
        database.exec('begin')
        return await work(new Kysely<Schema>({ dialect }))
      } finally {
        database.close()
      }
    },
  }
}

/**
 * Opens an existing SQLite file for reading. SQLite's read-only mode would leave journal files behind.
 *
 * @throws {StorageError} if there is no such file, or only an empty one beside a write-ahead log
 */
export function openExisting(file: string): DatabaseSync {
  if (!existsSync(file)) throw new StorageError(`there is no file ${file}`)
  refuseStaleLog(file)
  const database = new DatabaseSync(file, { timeout: START_TIMEOUT_MS })
  database.exec('pragma query_only = on')
  return database
}

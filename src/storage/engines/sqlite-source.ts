import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Kysely, SqliteDialect } from 'kysely'
import { type Source, StorageError } from '../database.ts'
import type { Schema } from '../schema.ts'
import { adapt, SQLITE, START_TIMEOUT } from './sqlite.ts'

/** A SQLite file to read from, which is not made, nor changed, nor brought into WAL mode. */
export function sqliteSource(file: string): Source {
  return {
    dialect: SQLITE,
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
 * Opens a SQLite file that is there, to read from. Not with SQLite's own mode for that: it would leave
 * the files of the journal behind.
 *
 * @throws {StorageError} where there is no such file.
 */
export function openExisting(file: string): DatabaseSync {
  if (!existsSync(file)) throw new StorageError(`there is no file ${file}`)
  const database = new DatabaseSync(file, { timeout: START_TIMEOUT })
  database.exec('pragma query_only = on')
  return database
}

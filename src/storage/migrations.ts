import type { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import { messageOf } from '../error-message.ts'
import { type Database, StorageError } from './database.ts'
import type { Dialect } from './dialect.ts'
import * as resources from './migrations/001-resources.ts'
import * as tutorial from './migrations/002-tutorial.ts'
import * as versions from './migrations/003-versions.ts'
import * as userVersions from './migrations/004-user-versions.ts'
import * as lists from './migrations/005-lists.ts'
import * as idempotency from './migrations/006-idempotency.ts'
import type { Schema } from './schema.ts'

interface Migration {
  // the schema that a step finds is an older one than the type says
  // biome-ignore lint/suspicious/noExplicitAny: as in the query builder's own migrations
  up(db: Kysely<any>, dialect: Dialect): Promise<void>
}

/** Every step from an empty database to today's schema. One that was released is never changed. */
const MIGRATIONS: Record<string, Migration> = {
  '001-resources': resources,
  '002-tutorial': tutorial,
  '003-versions': versions,
  '004-user-versions': userVersions,
  '005-lists': lists,
  '006-idempotency': idempotency,
}

/**
 * Brings the schema up to date, all of it or nothing; the first time, with the tutorial's data.
 * Processes that start at once do so one after the other.
 *
 * @throws {StorageError} for a schema that is newer than this code, and leaves it untouched.
 */
export async function migrate(database: Database): Promise<void> {
  try {
    await database.transactAlone(async (connection) => {
      const migrator = await createMigrator(connection, database.dialect)
      const { error } = await migrator.migrateToLatest()
      if (error) throw error
    })
  } catch (error) {
    throw new StorageError(`cannot migrate the database: ${messageOf(error)}`)
  }
}

async function createMigrator(connection: Kysely<Schema>, dialect: Dialect) {
  const namespace = await dialect.findNamespace(connection)
  const migrations = Object.entries(MIGRATIONS).map(([name, { up }]) => [
    name,
    { up: (db: Kysely<unknown>) => up(db, dialect) },
  ])
  return new Migrator({
    db: connection,
    provider: { getMigrations: async () => Object.fromEntries(migrations) },
    ...(namespace && { migrationTableSchema: namespace }),
    disableTransactions: true, // there is one around all of them
  })
}

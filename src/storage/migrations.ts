/** Applies migrations, or waits until another process has applied them. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import { messageOf } from '../error-message.ts'
import { type Database, type OnWait, StorageError } from './database.ts'
import type { Dialect } from './engines/dialect.ts'
import { listMigrations, type Migration } from './migration-files.ts'
import {
  MIGRATIONS_TABLE,
  type MigrationState,
  readMigrationState,
  requireCompatible,
} from './migration-state.ts'
import type { Schema } from './schema.ts'
import { refillWords } from './stored-words.ts'

/**
 * Applies all pending migrations, or none if one fails. Then fills rows that have words of an earlier version. Processes
 * that start at the same time take turns.
 *
 * @returns the names of the migrations that were applied
 * @throws {StorageError} if a migration fails, or the database is not compatible with this version
 */
export async function migrate(database: Database): Promise<string[]> {
  try {
    const applied = await database.transactAlone((connection) =>
      applyMigrations(connection, database.dialect),
    )
    await refillWords(database)
    return applied
  } catch (error) {
    throw new StorageError(`cannot migrate the database: ${messageOf(error)}`)
  }
}

/** Time between two reads of the migrations, and number of reads between two calls of `onWait`. */
const READ_INTERVAL_MS = 1_000
const READS_PER_REPORT = 5

/**
 * Waits without a time limit until another process has applied all pending migrations.
 *
 * @param onWait called at once, and then every few seconds
 * @throws {StorageError} if the database cannot be read, or is not compatible with this version
 */
export async function waitForMigrations(database: Database, onWait: OnWait): Promise<void> {
  let reads = 0
  for (;;) {
    const { pending } = await readCompatible(database)
    if (pending.length === 0) return
    if (reads++ % READS_PER_REPORT === 0) {
      onWait(`"npm run db -- migrate" to apply the pending migrations: ${pending.join(', ')}`)
    }
    await delay(READ_INTERVAL_MS)
  }
}

async function readCompatible({ reader, dialect }: Database): Promise<MigrationState> {
  try {
    const state = await readMigrationState(reader, dialect)
    requireCompatible(state)
    return state
  } catch (error) {
    throw new StorageError(`cannot use the database: ${messageOf(error)}`)
  }
}

/**
 * Applies pending migrations within a transaction of `transactAlone`.
 *
 * @param names migrations to apply; all by default
 * @returns the names of the migrations that were applied
 * @throws {StorageError} if a migration fails, or the database is not compatible with this version
 */
export async function applyMigrations(
  connection: Kysely<Schema>,
  dialect: Dialect,
  names?: readonly string[],
): Promise<string[]> {
  const state = await readMigrationState(connection, dialect)
  requireCompatible(state)
  const pending = (await listMigrations()).filter(
    ({ name }) => state.pending.includes(name) && (names?.includes(name) ?? true),
  )
  if (pending.length > 0) {
    await dialect.excludeSnapshots(connection)
    await createMigrationsTable(connection, dialect)
  }
  for (const migration of pending) await applyMigration(connection, dialect, migration)
  return pending.map(({ name }) => name)
}

async function applyMigration(
  connection: Kysely<Schema>,
  dialect: Dialect,
  { name, digest, minVersion, up }: Migration,
) {
  try {
    await up(connection, dialect)
  } catch (error) {
    throw new StorageError(`${name}: ${messageOf(error)}`, { cause: error })
  }
  await connection
    .insertInto(MIGRATIONS_TABLE)
    .values({ name, digest, min_version: minVersion, applied_at: new Date().toISOString() })
    .execute()
}

function createMigrationsTable(connection: Kysely<Schema>, dialect: Dialect) {
  return connection.schema
    .createTable(MIGRATIONS_TABLE)
    .ifNotExists()
    .addColumn('name', dialect.text, (column) => column.primaryKey())
    .addColumn('digest', dialect.text, (column) => column.notNull())
    .addColumn('min_version', dialect.text, (column) => column.notNull())
    .addColumn('applied_at', dialect.text, (column) => column.notNull())
    .execute()
}

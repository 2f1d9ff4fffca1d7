import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Kysely, sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import { messageOf } from '../error-message.ts'
import { RESOURCES } from '../resources.ts'
import { type Database, type Source, StorageError } from './database.ts'
import type { Dialect } from './engines/dialect.ts'
import type { Schema } from './schema.ts'

interface Migration {
  // the schema that a step finds is an older one than the type says
  // biome-ignore lint/suspicious/noExplicitAny: as in the query builder's own migrations
  up(db: Kysely<any>, dialect: Dialect): Promise<void>
}

/** The file of a step; the number gives its place. */
const STEP = /^(?<name>\d{3}-.+)\.ts$/

let migrations: Promise<Map<string, Migration>> | undefined

/**
 * Gives every step from an empty database to today's schema, in order, by its name: a file in the
 * folders of the resources. One that was released is never changed.
 */
function listMigrations(): Promise<Map<string, Migration>> {
  migrations ??= loadMigrations()
  return migrations
}

async function loadMigrations() {
  const found: [name: string, file: string][] = []
  for (const { migrations: folder } of RESOURCES) {
    for (const file of await readdir(folder)) {
      const name = STEP.exec(file)?.groups?.name
      if (name) found.push([name, join(folder, file)])
    }
  }
  const loaded = new Map<string, Migration>()
  for (const [name, file] of found.sort()) loaded.set(name, await import(file))
  return loaded
}

/** Gives the step that today's schema is at. */
export async function findLatest(): Promise<string> {
  return String([...(await listMigrations()).keys()].at(-1))
}

/** The table that the steps of a database are kept in. */
const STEPS_TABLE = 'kysely_migration'

/** Where a schema is on its way, in the order of the steps. */
export interface Steps {
  taken: string[]
  pending: string[]
  /** Those of a newer version. */
  unknown: string[]
}

/**
 * Refuses a newer schema before anything is touched: the journal of a SQLite file may change as soon as
 * it is opened to be written to. What cannot be read is left to whoever opens it.
 *
 * @throws {StorageError}
 */
export async function refuseNewer({ dialect, readSnapshot }: Source): Promise<void> {
  const steps = readSnapshot((db) => readSteps(db, dialect))
  requireKnown(await steps.then(({ unknown }) => unknown).catch(() => []))
}

/**
 * Brings the schema up to date, all of it or nothing; the first time, with the tutorial's data.
 * Processes that start at once do so one after the other.
 *
 * @returns the steps that were taken now.
 * @throws {StorageError} for a schema that is newer than this code, and leaves it untouched.
 */
export async function migrate(database: Database): Promise<string[]> {
  try {
    return await database.transactAlone((connection) => migrateWithin(connection, database.dialect))
  } catch (error) {
    throw new StorageError(`cannot migrate the database: ${messageOf(error)}`)
  }
}

/**
 * Brings the schema up to a step, or to the latest, within a transaction that is alone.
 *
 * @returns the steps that were taken now.
 * @throws for a schema that is beyond that step.
 */
export async function migrateWithin(
  connection: Kysely<Schema>,
  dialect: Dialect,
  last?: string,
): Promise<string[]> {
  requireKnown((await readSteps(connection, dialect)).unknown)
  const migrator = await createMigrator(connection, dialect, last)
  const { error, results = [] } = await migrator.migrateToLatest()
  if (error) throw error
  return results.map(({ migrationName }) => migrationName)
}

/** @throws {StorageError} where a schema, called so, has steps that are unknown. */
export function requireKnown(unknown: string[], schema = 'the schema'): void {
  if (unknown.length === 0) return
  throw new StorageError(
    `${schema} is newer than this version, which does not know ${unknown.join(', ')}`,
  )
}

/** Reads how far a schema is; nothing is taken where there is none. */
export async function readSteps(db: Kysely<Schema>, { catalogue }: Dialect): Promise<Steps> {
  const known = [...(await listMigrations()).keys()]
  const tables = await catalogue.listTables(db)
  const isThere = tables.some(({ name }) => name === STEPS_TABLE)
  const taken = isThere ? await readTaken(db) : []
  return {
    taken,
    pending: known.filter((name) => !taken.includes(name)),
    unknown: taken.filter((name) => !known.includes(name)),
  }
}

/** Whether a schema has every step; it may have those of a newer version besides. */
export async function isUpToDate(db: Kysely<Schema>): Promise<boolean> {
  return (await readTaken(db)).includes(await findLatest())
}

async function readTaken(db: Kysely<Schema>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select name from ${sql.table(STEPS_TABLE)} order by name
  `.execute(db)
  return rows.map(({ name }) => name)
}

async function createMigrator(connection: Kysely<Schema>, dialect: Dialect, last?: string) {
  const namespace = await dialect.findNamespace(connection)
  const known = [...(await listMigrations())]
  const steps = last === undefined ? known : known.filter(([name]) => name <= last)
  const migrations = steps.map(([name, { up }]) => [
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

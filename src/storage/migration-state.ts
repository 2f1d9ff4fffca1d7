/** Compares the migrations of a database with those of this version, which may be an earlier or a later one. */
import type { Kysely } from 'kysely'
import packageJson from '../../package.json' with { type: 'json' }
import { type Source, StorageError } from './database.ts'
import type { Dialect } from './engines/dialect.ts'
import { listMigrations } from './migration-files.ts'
import type { Schema } from './schema.ts'

/** The table in which a database records its migrations. */
export const MIGRATIONS_TABLE = 'schema_migrations'

const { version: VERSION } = packageJson

/** The migrations of a database, by name. */
export interface MigrationState {
  /** Migrations that have run, sorted by name. */
  applied: string[]
  /** Migrations of this version that have not run, in the order in which they will run. */
  pending: string[]
  /** Migrations that have run, but are not in this version: they are of a later version or a removed resource. */
  unknown: { name: string; minVersion: string }[]
  /** Migrations whose files were edited after they had run. */
  edited: string[]
}

/**
 * Refuses a database that this version cannot use. Call this before opening the database, since opening a SQLite file
 * for writing changes its journal. Other errors are ignored here, since opening the database reports them.
 *
 * @throws {StorageError}
 */
export async function refuseIncompatible({ dialect, readSnapshot }: Source): Promise<void> {
  const state = await readSnapshot((db) => readMigrationState(db, dialect)).catch(() => undefined)
  if (state) requireCompatible(state)
}

/**
 * Requires that this version can run on a database.
 *
 * @param subject name of the database in the error
 * @throws {StorageError} for a migration that was edited after it ran, or that needs a later version
 */
export function requireCompatible(
  { unknown, edited }: MigrationState,
  subject = 'the database',
): void {
  if (edited.length > 0) {
    throw new StorageError(
      `${edited.join(', ')} ran on ${subject} and was edited since: restore the file, and make the change in a new migration`,
    )
  }
  const refused = unknown.filter((migration) => !isAccepted(migration))
  if (refused.length === 0) return
  const needs = refused.map(({ name, minVersion }) => `${name} needs ${minVersion}`).join(', ')
  throw new StorageError(
    `${subject} needs version ${latestOf(refused)} or later, and this is ${VERSION} (${needs}): use a later version, or restore a backup from before the migration`,
  )
}

/** Returns the largest `minVersion` of migrations. */
export function latestOf(migrations: MigrationState['unknown']): string | undefined {
  return migrations
    .map(({ minVersion }) => minVersion)
    .sort(compareVersions)
    .at(-1)
}

function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true })
}

/** Returns true if this version can use a database that has this unknown migration. */
export function isAccepted({ minVersion }: MigrationState['unknown'][number]): boolean {
  return compareVersions(VERSION, minVersion) >= 0
}

/** Reads which migrations a database has. Without a table of migrations, all are pending. */
export async function readMigrationState(
  db: Kysely<Schema>,
  { catalogue }: Dialect,
): Promise<MigrationState> {
  const known = await listMigrations()
  const digests = new Map(known.map(({ name, digest }) => [name, digest]))
  const tables = await catalogue.listTables(db)
  const rows = tables.some(({ name }) => name === MIGRATIONS_TABLE) ? await readRecord(db) : []
  const applied = rows.map(({ name }) => name)
  return {
    applied,
    pending: known.map(({ name }) => name).filter((name) => !applied.includes(name)),
    unknown: rows
      .filter(({ name }) => !digests.has(name))
      .map(({ name, min_version }) => ({ name, minVersion: min_version })),
    edited: rows
      .filter(({ name, digest }) => digests.has(name) && digests.get(name) !== digest)
      .map(({ name }) => name),
  }
}

/** Returns true if a database has every migration of this version. */
export async function isUpToDate(db: Kysely<Schema>): Promise<boolean> {
  const applied = (await readRecord(db)).map(({ name }) => name)
  return (await listMigrations()).every(({ name }) => applied.includes(name))
}

function readRecord(db: Kysely<Schema>) {
  return db
    .selectFrom(MIGRATIONS_TABLE)
    .select(['name', 'digest', 'min_version'])
    .orderBy('name')
    .execute()
}

import { type Kysely, sql } from 'kysely'
import { type Database, type Source, StorageError } from '../database.ts'
import type { Table } from '../engines/catalogue.ts'
import type { Dialect } from '../engines/dialect.ts'
import { type MigrationState, readMigrationState, requireCompatible } from '../migration-state.ts'
import { applyMigrations } from '../migrations.ts'
import type { Schema } from '../schema.ts'
import { WORD_COLUMNS } from '../stored-words.ts'
import { batchesOf, type Row, readBatch } from './batches.ts'
import { findDifference } from './difference.ts'
import {
  type addLaterSchema,
  explainLater,
  type LaterMigrations,
  withLaterTables,
} from './later-schema.ts'
import {
  type Connection,
  countRows,
  listTables,
  type RowCount,
  requireTables,
  withNewDatabase,
} from './tables.ts'

export interface CopyResult {
  counts: RowCount[]
  /** Tables of the source that were not copied, since no migration of this version creates them. */
  ignored: string[]
}

/**
 * Copies every row of a database into another database, of any engine. One transaction applies the source's migrations
 * to the target, copies the rows, and compares both databases, so the target gets all rows or stays unchanged. The
 * source is read as a snapshot, and the target is locked against writes.
 *
 * @param isReplacing true to delete the target's data first
 * @param prepare called after the migrations, to change the schema of the target
 * @throws {StorageError} if the source is not compatible with this version, if the target has data or a migration that
 * the source lacks, or if the copy differs from the source
 */
export function copy(
  source: Source,
  target: Database,
  isReplacing: boolean,
  prepare?: typeof addLaterSchema,
): Promise<CopyResult> {
  return source.readSnapshot(async (reader) => {
    const from: Connection = { db: reader, catalogue: source.dialect.catalogue }
    const migrations = await requireMigrated(source, reader)
    return target.transactAlone(async (writer) => {
      await requireNoOthers(target, writer, migrations)
      await applyMigrations(writer, target.dialect, migrations)
      const to: Connection = { db: writer, catalogue: target.dialect.catalogue }
      const later = await findLater(source, reader, target, writer)
      await prepare?.(from, to, later)
      return withNewDatabase(migrations, async (created) => {
        const tables = await withLaterTables(await listTables(created), from, to, later)
        const ignored = await requireTables(from, tables, explainLater(later))
        await requireTables(to, tables, explainLater(later))
        await to.catalogue.lockTables(
          to.db,
          tables.map(({ name }) => name),
        )
        if (!isReplacing) await requireNoData(created, to, tables)
        await replaceRows(from, to, tables)
        await requireSame(from, to, tables)
        return { counts: await countRows(to.db, tables), ignored }
      })
    })
  })
}

/** Returns the migrations of both databases that this version lacks. */
async function findLater(
  source: Source,
  reader: Kysely<Schema>,
  target: Database,
  writer: Kysely<Schema>,
): Promise<LaterMigrations> {
  return {
    source: (await readMigrationState(reader, source.dialect)).unknown,
    target: (await readMigrationState(writer, target.dialect)).unknown,
  }
}

/**
 * Returns the migrations of this version that a database has.
 *
 * @throws {StorageError} if the database has no migrations, or is not compatible with this version
 */
export async function requireMigrated(
  { dialect }: Source,
  db: Kysely<Schema>,
): Promise<readonly string[]> {
  const state = await readMigrationState(db, dialect)
  requireRecord(state)
  requireCompatible(state, 'the source')
  return knownOf(state)
}

/** @throws {StorageError} if the database has no migration of any version */
export function requireRecord({ applied }: MigrationState): void {
  if (applied.length === 0) throw new StorageError('the source has no migrations of this service')
}

/** Returns the applied migrations that exist in this version. */
function knownOf({ applied, unknown }: MigrationState): string[] {
  return applied.filter((applied) => !unknown.some(({ name }) => name === applied))
}

/** @throws {StorageError} if the engine finds damage */
export async function requireUndamaged({ catalogue }: Dialect, db: Kysely<Schema>): Promise<void> {
  const [damage] = await catalogue.findDamage(db)
  if (damage !== undefined) throw new StorageError(`the source is damaged: ${damage}`)
}

async function requireNoOthers(
  { dialect }: Database,
  db: Kysely<Schema>,
  migrations: readonly string[],
) {
  const others = knownOf(await readMigrationState(db, dialect)).filter(
    (name) => !migrations.includes(name),
  )
  if (others.length === 0) return
  throw new StorageError(
    `the target has migrations that the source lacks: ${others.join(', ')}; migrate the source first`,
  )
}

async function requireNoData(created: Connection, target: Connection, tables: Table[]) {
  const found = await findData(created, target, tables)
  if (found === undefined) return
  throw new StorageError(
    `the target holds data (rows: ${found}), which only "restore FILE --replace" replaces`,
  )
}

/**
 * Returns the number of rows of each table, as text, if any table has other rows than its migrations insert. Does not
 * compare words, which may be of different versions.
 */
export async function findData(
  created: Connection,
  target: Connection,
  tables: Table[],
): Promise<string | undefined> {
  const counts = await countRows(target.db, tables)
  const known = new Map((await listTables(created)).map((table) => [table.name, table]))
  for (const table of tables) {
    if (counts.some((count) => count.table === table.name && count.rows === 0)) continue
    const { columns: all } = known.get(table.name) ?? {}
    const columns = all?.filter((name) => !WORD_COLUMNS.includes(name))
    if (columns && !(await findDifference(created.db, target.db, { ...table, columns }))) continue
    return counts.map(({ table, rows }) => `${table} ${rows}`).join(', ')
  }
  return undefined
}

/** Replaces all rows. Rows that refer to other rows are deleted first, and inserted last. */
async function replaceRows(from: Connection, to: Connection, tables: Table[]) {
  for (const { name } of tables.toReversed()) {
    await sql`delete from ${sql.table(name)}`.execute(to.db)
  }
  for (const table of tables) {
    for await (const batch of batchesOf(from.db, table)) {
      await insertRows(to.db, table, await readBatch(from.db, table, batch))
    }
    const lastId = await from.catalogue.readLastId(from.db, table.name)
    if (lastId !== undefined) await to.catalogue.raiseLastId(to.db, table.name, lastId)
  }
}

async function insertRows(db: Kysely<Schema>, { name, columns }: Table, rows: Row[]) {
  if (rows.length === 0) return
  const values = rows.map((row) => sql`(${sql.join(columns.map((column) => row[column]))})`)
  const names = sql.join(columns.map((column) => sql.ref(column)))
  await sql`insert into ${sql.table(name)} (${names}) values ${sql.join(values)}`.execute(db)
}

async function requireSame(from: Connection, to: Connection, tables: Table[]) {
  for (const table of tables) {
    const difference = await findDifference(from.db, to.db, table)
    if (difference) throw new StorageError(`the copy differs, and is undone: ${difference}`)
  }
}

import { type Kysely, sql } from 'kysely'
import { type Database, type Source, StorageError } from '../database.ts'
import type { Table } from '../engines/catalogue.ts'
import type { Dialect } from '../engines/dialect.ts'
import { migrateWithin, readSteps, requireKnown } from '../migrations.ts'
import type { Schema } from '../schema.ts'
import { findDifference } from './difference.ts'
import { portionsOf, type Row, readPortion } from './portions.ts'
import { type Count, countRows, listData, requireTables, type Side, withFresh } from './tables.ts'

/** What was copied. */
export interface Copied {
  counts: Count[]
  /** Tables of the source that are none of the service's. */
  ignored: string[]
}

/**
 * Copies every row of a database into another one, on any two engines, and compares the two row for
 * row: in one transaction, so that the target has all of it or is as it was. The target's schema is
 * brought to the source's. Neither can be written to meanwhile by who would come in between: the
 * source is read as a snapshot, the target is locked.
 *
 * @param isReplacing whether what the target holds may go.
 * @throws {StorageError} for a source without the schema of this version, a target that holds data
 * and may not lose it, and a copy that differs.
 */
export function copy(source: Source, target: Database, isReplacing: boolean): Promise<Copied> {
  return source.readSnapshot(async (reader) => {
    const from: Side = { db: reader, catalogue: source.dialect.catalogue }
    const step = await requireMigrated(source, reader)
    return target.transactAlone(async (writer) => {
      await requireNotBeyond(target, writer, step)
      await migrateWithin(writer, target.dialect, step)
      const to: Side = { db: writer, catalogue: target.dialect.catalogue }
      return withFresh(step, async (fresh) => {
        const tables = await listData(fresh)
        const ignored = await requireTables(from, tables)
        await requireTables(to, tables)
        await to.catalogue.lockTables(
          to.db,
          tables.map(({ name }) => name),
        )
        if (!isReplacing) await requireNothing(fresh, to, tables)
        await replaceRows(from, to, tables)
        await requireSame(from, to, tables)
        return { counts: await countRows(to.db, tables), ignored }
      })
    })
  })
}

/**
 * Gives the step that a database is at.
 *
 * @throws {StorageError} where it is none of this service, or of a newer version.
 */
export async function requireMigrated({ dialect }: Source, db: Kysely<Schema>): Promise<string> {
  const { taken, unknown } = await readSteps(db, dialect)
  const last = taken.at(-1)
  if (last === undefined) throw new StorageError('the source is no database of this service')
  requireKnown(unknown, 'the schema of the source')
  return last
}

/** @throws {StorageError} where the engine finds the database damaged. */
export async function requireUndamaged({ catalogue }: Dialect, db: Kysely<Schema>): Promise<void> {
  const [damage] = await catalogue.findDamage(db)
  if (damage !== undefined) throw new StorageError(`the source is damaged: ${damage}`)
}

async function requireNotBeyond({ dialect }: Database, db: Kysely<Schema>, step: string) {
  const { taken } = await readSteps(db, dialect)
  const last = taken.at(-1) ?? ''
  if (last <= step) return
  throw new StorageError(
    `the schema of the target is at ${last}, that of the source at ${step}: migrate the source first`,
  )
}

/** What a first start puts there is no loss, nor is a table that is empty. */
async function requireNothing(fresh: Side, target: Side, tables: Table[]) {
  const counts = await countRows(target.db, tables)
  for (const table of tables) {
    if (counts.some((count) => count.table === table.name && count.rows === 0)) continue
    if (!(await findDifference(fresh.db, target.db, table))) continue
    const held = counts.map(({ table, rows }) => `${table} ${rows}`).join(', ')
    throw new StorageError(
      `the target holds data (rows: ${held}), which only "restore FILE --replace" replaces`,
    )
  }
}

/** Rows go before those that they refer to, and come after them. */
async function replaceRows(from: Side, to: Side, tables: Table[]) {
  for (const { name } of tables.toReversed()) {
    await sql`delete from ${sql.table(name)}`.execute(to.db)
  }
  for (const table of tables) {
    for await (const portion of portionsOf(from.db, table)) {
      await insertRows(to.db, table, await readPortion(from.db, table, portion))
    }
    const count = await from.catalogue.readCount(from.db, table.name)
    if (count !== undefined) await to.catalogue.raiseCount(to.db, table.name, count)
  }
}

async function insertRows(db: Kysely<Schema>, { name, columns }: Table, rows: Row[]) {
  if (rows.length === 0) return
  const values = rows.map((row) => sql`(${sql.join(columns.map((column) => row[column]))})`)
  const names = sql.join(columns.map((column) => sql.ref(column)))
  await sql`insert into ${sql.table(name)} (${names}) values ${sql.join(values)}`.execute(db)
}

async function requireSame(from: Side, to: Side, tables: Table[]) {
  for (const table of tables) {
    const difference = await findDifference(from.db, to.db, table)
    if (difference) throw new StorageError(`the copy differs, and is undone: ${difference}`)
  }
}

/** Tables and columns of migrations that this version lacks, in a database that allows this version to run. */
import { sql } from 'kysely'
import type { Table } from '../engines/catalogue.ts'
import { MIGRATIONS_TABLE, type MigrationState } from '../migration-state.ts'
import { type Connection, listTables } from './tables.ts'

/** Unknown migrations of the source and of the target. */
export interface LaterMigrations {
  source: MigrationState['unknown']
  target: MigrationState['unknown']
}

/**
 * Adds to a new SQLite file the tables and columns of the source that this version does not know, and records their
 * migrations. Columns have no type, so that they keep any value. The later version knows the types, and creates the
 * indexes and constraints when it restores the file into its own schema.
 */
export async function addLaterSchema(
  from: Connection,
  to: Connection,
  { source }: LaterMigrations,
): Promise<void> {
  if (source.length === 0) return
  const known = new Map((await listTables(to)).map((table) => [table.name, table]))
  for (const table of (await listTables(from)).filter(({ key }) => key.length > 0)) {
    const existing = known.get(table.name)
    if (existing) await addColumns(to, table, existing)
    else await createTable(from, to, table)
  }
  await copyRecord(from, to, source)
}

async function addColumns({ db }: Connection, { name, columns }: Table, existing: Table) {
  for (const column of columns.filter((each) => !existing.columns.includes(each))) {
    await sql`alter table ${sql.table(name)} add column ${sql.ref(column)}`.execute(db)
  }
}

async function createTable(from: Connection, { db }: Connection, { name, columns, key }: Table) {
  const countsIds = (await from.catalogue.readLastId(from.db, name)) !== undefined
  const definitions = columns.map((column) =>
    countsIds && column === 'id'
      ? sql`id integer primary key autoincrement`
      : sql`${sql.ref(column)}`,
  )
  const keys = sql.join(key.map((column) => sql.ref(column)))
  const constraints = countsIds ? [] : [sql`primary key (${keys})`]
  await sql`
    create table ${sql.table(name)} (${sql.join([...definitions, ...constraints])})
  `.execute(db)
}

async function copyRecord(from: Connection, to: Connection, later: MigrationState['unknown']) {
  const names = later.map(({ name }) => name)
  const record = await from.db
    .selectFrom(MIGRATIONS_TABLE)
    .select(['name', 'digest', 'min_version', 'applied_at'])
    .where('name', 'in', names)
    .execute()
  await to.db.insertInto(MIGRATIONS_TABLE).values(record).execute()
}

/**
 * Returns the tables to copy: those of this version, with the columns that later migrations have added to the source,
 * and the tables of later migrations that both databases have.
 *
 * @param known tables of this version
 */
export async function withLaterTables(
  known: Table[],
  from: Connection,
  to: Connection,
  { source }: LaterMigrations,
): Promise<Table[]> {
  if (source.length === 0) return known
  const found = await listTables(from)
  const targets = (await listTables(to)).map(({ name }) => name)
  const extended = known.map((table) => {
    const later = found.find(({ name }) => name === table.name)
    return later && table.columns.every((name) => later.columns.includes(name)) ? later : table
  })
  const others = found.filter(
    ({ name, key }) =>
      key.length > 0 && targets.includes(name) && !known.some((table) => table.name === name),
  )
  return [...extended, ...others]
}

/** Names the later migrations of a database, for an error about its tables; empty if there are none. */
export function explainLater({ source, target }: LaterMigrations): string {
  const named = Object.entries({ source, target }).flatMap(([subject, later]) =>
    later.length > 0
      ? `; the ${subject} has migrations of a later version, so use that version: ${later.map(({ name }) => name).join(', ')}`
      : [],
  )
  return named.join('')
}

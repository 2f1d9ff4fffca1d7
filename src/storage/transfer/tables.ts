import { type Kysely, sql } from 'kysely'
import { type Database, StorageError } from '../database.ts'
import type { Catalogue, Table } from '../engines/catalogue.ts'
import { MIGRATIONS_TABLE } from '../migration-state.ts'
import { applyMigrations } from '../migrations.ts'
import { openDatabase } from '../open-database.ts'
import type { Schema } from '../schema.ts'

/** Table of a backup with the digests of its rows. */
export const DIGESTS_TABLE = 'backup_digests'

/** A connection to a database, with queries about the tables. */
export interface Connection {
  db: Kysely<Schema>
  catalogue: Catalogue
}

export interface RowCount {
  table: string
  rows: number
}

/** Applies the migrations to a new database in memory, and calls the callback `work` with this database. */
export async function withNewDatabase<Result>(
  migrations: readonly string[],
  work: (created: Connection) => Promise<Result>,
): Promise<Result> {
  const database: Database = await openDatabase('sqlite::memory:')
  const { dialect, reader } = database
  try {
    await database.transactAlone((writer) => applyMigrations(writer, dialect, migrations))
    return await work({ db: reader, catalogue: dialect.catalogue })
  } finally {
    await database.close()
  }
}

/** Lists all tables except those that are not copied: migrations, and digests of a backup. */
export async function listTables({ db, catalogue }: Connection): Promise<Table[]> {
  const tables = await catalogue.listTables(db)
  return tables.filter(({ name }) => ![MIGRATIONS_TABLE, DIGESTS_TABLE].includes(name))
}

/**
 * Requires that a database has each of these tables, with exactly the same columns and primary key.
 *
 * @param explanation text at the end of the error
 * @returns the names of all tables in the database that are not in `tables`
 * @throws {StorageError} for the first table that is missing or different
 */
export async function requireTables(
  connection: Connection,
  tables: Table[],
  explanation: string,
): Promise<string[]> {
  const found = new Map((await listTables(connection)).map((table) => [table.name, table]))
  for (const table of tables) {
    if (shapeOf(table) !== shapeOf(found.get(table.name))) {
      throw new StorageError(
        `the table ${table.name} is missing, or its columns differ from those that the migrations create${explanation}`,
      )
    }
    found.delete(table.name)
  }
  return [...found.keys()]
}

function shapeOf(table?: Table): string {
  return JSON.stringify([table?.columns.toSorted(), table?.key])
}

export async function countRows(db: Kysely<Schema>, tables: Table[]): Promise<RowCount[]> {
  const counts: RowCount[] = []
  for (const { name } of tables) {
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from ${sql.table(name)}
    `.execute(db)
    counts.push({ table: name, rows: Number(rows[0]?.count) })
  }
  return counts
}

import { type Kysely, sql } from 'kysely'
import { type Database, StorageError } from '../database.ts'
import type { Catalogue, Table } from '../engines/catalogue.ts'
import { migrateWithin } from '../migrations.ts'
import { openDatabase } from '../open-database.ts'
import type { Schema } from '../schema.ts'

/** A database as one side of a copy. */
export interface Side {
  db: Kysely<Schema>
  catalogue: Catalogue
}

/** How many rows a table has. */
export interface Count {
  table: string
  rows: number
}

/** What the migrations themselves are kept in: each database has its own. */
const OF_MIGRATIONS = /^kysely_migration/

/** Runs work on a database as it is at its first start, with the schema of a step. */
export async function withFresh<Result>(step: string, work: (fresh: Side) => Promise<Result>) {
  const database: Database = await openDatabase('sqlite::memory:')
  const { dialect, reader } = database
  try {
    await database.transactAlone((connection) => migrateWithin(connection, dialect, step))
    return await work({ db: reader, catalogue: dialect.catalogue })
  } finally {
    await database.close()
  }
}

/** Gives the tables that hold the service's data, as they are found: no list can lack one. */
export async function listData({ db, catalogue }: Side): Promise<Table[]> {
  const tables = await catalogue.listTables(db)
  return tables.filter(({ name }) => !OF_MIGRATIONS.test(name))
}

/**
 * Sees that a database has the tables of a list, with just these columns and these keys.
 *
 * @returns the names of the tables that it has besides.
 * @throws {StorageError} where one differs.
 */
export async function requireTables(side: Side, tables: Table[]): Promise<string[]> {
  const found = new Map((await listData(side)).map((table) => [table.name, table]))
  for (const table of tables) {
    if (shapeOf(table) !== shapeOf(found.get(table.name))) {
      throw new StorageError(
        `the table ${table.name} is not there, or has other columns than it should`,
      )
    }
    found.delete(table.name)
  }
  return [...found.keys()]
}

/** A table without a key could not be read page by page: the shape of none is like this. */
function shapeOf(table?: Table): string {
  return JSON.stringify([table?.columns.toSorted(), table?.key])
}

/** Counts the rows of each table. */
export async function countRows(db: Kysely<Schema>, tables: Table[]): Promise<Count[]> {
  const counts: Count[] = []
  for (const { name } of tables) {
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from ${sql.table(name)}
    `.execute(db)
    counts.push({ table: name, rows: Number(rows[0]?.count) })
  }
  return counts
}

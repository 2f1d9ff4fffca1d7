/** Digests of the rows of a backup, in a table of the backup itself. They show any change of the backup. */
import { createHash } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { type Kysely, sql } from 'kysely'
import type { Table } from '../engines/catalogue.ts'
import type { Schema } from '../schema.ts'
import { batchesOf, type Row, readBatch } from './batches.ts'
import { DIGESTS_TABLE, type RowCount } from './tables.ts'

export interface TableDigest extends RowCount {
  /** SHA-256 of all rows in the order of the primary key, in hexadecimal. */
  sha256: string
}

/** Counts the rows of each table, and computes their digest. */
export async function digestTables(db: Kysely<Schema>, tables: Table[]): Promise<TableDigest[]> {
  const digests: TableDigest[] = []
  for (const table of tables) {
    const hash = createHash('sha256')
    let rows = 0
    for await (const batch of batchesOf(db, table)) {
      const found = await readBatch(db, table, batch)
      for (const row of found) hash.update(`${textOf(table, row)}\n`)
      rows += found.length
    }
    digests.push({ table: table.name, rows, sha256: hash.digest('hex') })
  }
  return digests
}

/** Returns a text that differs for different rows. A text in a row is a JSON string, and bytes are a JSON object. */
function textOf({ columns }: Table, row: Row): string {
  const values = columns.map((name) => [name, row[name]])
  return JSON.stringify(values, (_, value) =>
    value instanceof Uint8Array ? { hex: Buffer.from(value).toString('hex') } : value,
  )
}

/** Writes the digests into a backup, in place of those that a copied file may have. */
export function writeDigests(file: string, digests: TableDigest[]) {
  const database = new DatabaseSync(file)
  try {
    database.exec(`drop table if exists ${DIGESTS_TABLE}`)
    database.exec(
      `create table ${DIGESTS_TABLE} (name text primary key, row_count integer, sha256 text) strict`,
    )
    const insert = database.prepare(`insert into ${DIGESTS_TABLE} values (?, ?, ?)`)
    for (const { table, rows, sha256 } of digests) insert.run(table, rows, sha256)
  } finally {
    database.close()
  }
}

/** Reads the digests of a backup; undefined if the backup has none. */
export async function readDigests(db: Kysely<Schema>): Promise<TableDigest[] | undefined> {
  const name = sql.lit(DIGESTS_TABLE)
  const found = await sql`select 1 from sqlite_schema where name = ${name}`.execute(db)
  if (found.rows.length === 0) return undefined
  const { rows } = await sql<TableDigest>`
    select name as "table", row_count as rows, sha256 from ${sql.table(DIGESTS_TABLE)} order by name
  `.execute(db)
  return rows
}

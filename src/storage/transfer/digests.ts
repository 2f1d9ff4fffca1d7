/** Digests of all tables of a backup and of its schema, in a table of the backup itself. */
import { createHash } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { type Kysely, sql } from 'kysely'
import { StorageError } from '../database.ts'
import { type Column, type Table, toTables } from '../engines/catalogue.ts'
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

/** SQLite's table of all tables, indexes and triggers. Backups of earlier versions have no digest of it. */
const SCHEMA_TABLE = 'sqlite_schema'

/**
 * Value of `pragma user_version` in a backup with digests of all tables. It shows that digests were deleted. Backups of
 * earlier versions have 0, and digests of the resources only, or none.
 */
const FORMAT = 1

/**
 * Lists everything that a backup stores, except the digests: the tables of resources, the migrations, the largest
 * ids, the schema, and the contents of search indexes. Root pages are left out, since they are only positions.
 */
export async function listStored(db: Kysely<Schema>): Promise<Table[]> {
  const { rows } = await sql<Column>`
    select listed.name as "table", field.name, field.type, field.pk as position
    from pragma_table_list listed
    join pragma_table_xinfo(listed.name) field on field.hidden = 0 and field.name <> 'rootpage'
    where listed.schema = 'main' and listed.type in ('table', 'shadow')
      and listed.name <> ${DIGESTS_TABLE}
    order by listed.name, field.cid
  `.execute(db)
  return toTables(rows).map((table) => ({
    ...table,
    key: table.key.length > 0 ? table.key : ['rowid'],
  }))
}

/** Creates an empty table of digests in a backup, in place of the one that a copied file may have. */
export function createDigests(file: string) {
  change(file, (database) => {
    database.exec(`drop table if exists ${DIGESTS_TABLE}`)
    database.exec(
      `create table ${DIGESTS_TABLE} (name text primary key, row_count integer, sha256 text) strict`,
    )
    database.exec(`pragma user_version = ${FORMAT}`)
  })
}

export function insertDigests(file: string, digests: TableDigest[]) {
  change(file, (database) => {
    const insert = database.prepare(`insert into ${DIGESTS_TABLE} values (?, ?, ?)`)
    for (const { table, rows, sha256 } of digests) insert.run(table, rows, sha256)
  })
}

function change(file: string, work: (database: DatabaseSync) => void) {
  const database = new DatabaseSync(file)
  try {
    work(database)
  } finally {
    database.close()
  }
}

/** Digests of a backup, and of which tables it has them: of all, of the resources only, or of none. */
export interface WrittenDigests {
  digests: TableDigest[]
  scope: 'all' | 'resources' | 'none'
}

/**
 * Reads the digests of a backup of this version or of an earlier one.
 *
 * @throws {StorageError} if digests are missing that the version of the backup has written
 */
export async function readDigests(db: Kysely<Schema>): Promise<WrittenDigests> {
  const isComplete = (await readFormat(db)) === FORMAT
  const digests = await readTable(db)
  const hasSchema = digests?.some(({ table }) => table === SCHEMA_TABLE) ?? false
  if (hasSchema !== isComplete || digests?.length === 0) {
    throw new StorageError(
      'digests of the backup are missing, since it was changed after it was written: use another backup',
    )
  }
  if (!digests) return { digests: [], scope: 'none' }
  return { digests, scope: isComplete ? 'all' : 'resources' }
}

async function readFormat(db: Kysely<Schema>): Promise<number | undefined> {
  const { rows } = await sql<{ user_version: number }>`pragma user_version`.execute(db)
  return rows[0]?.user_version
}

/** Reads the table of digests; undefined if there is none. */
async function readTable(db: Kysely<Schema>): Promise<TableDigest[] | undefined> {
  const name = sql.lit(DIGESTS_TABLE)
  const found = await sql`select 1 from sqlite_schema where name = ${name}`.execute(db)
  if (found.rows.length === 0) return undefined
  const { rows } = await sql<TableDigest>`
    select name as "table", row_count as rows, sha256 from ${sql.table(DIGESTS_TABLE)} order by name
  `.execute(db)
  return rows
}

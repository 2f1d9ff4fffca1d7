import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Table } from '../engines/catalogue.ts'
import type { Schema } from '../schema.ts'

/** Maximum rows and bytes of a batch, which is read into memory as a whole. */
const BATCH_ROWS = 100
const BATCH_BYTES = 4 * 2 ** 20

export type Row = Record<string, unknown>

/** A range of a table's rows in the order of the primary key. */
export interface Batch {
  /** Key before the first row; undefined for the first batch. */
  after?: unknown[]
  /** Key of the last row; undefined for the last batch. */
  upTo?: unknown[]
}

/** Divides a table into batches; an empty table has one empty batch. */
export async function* batchesOf(db: Kysely<Schema>, table: Table): AsyncGenerator<Batch> {
  let batch: Batch = {}
  for (;;) {
    const upTo = await findEnd(db, table, batch)
    yield { ...batch, ...(upTo && { upTo }) }
    if (!upTo) return
    batch = { after: upTo }
  }
}

/** Reads the rows of a batch. */
export function readBatch(db: Kysely<Schema>, table: Table, batch: Batch): Promise<Row[]> {
  return select(db, table, columnsOf(table.columns), batch)
}

/** Returns the values of a row's primary key. */
export function keyOf(table: Table, row: Row): unknown[] {
  return table.key.map((name) => row[name])
}

/** Returns the key of the last row within the limits; undefined if that is the last row of the table. */
async function findEnd(db: Kysely<Schema>, table: Table, batch: Batch) {
  const rows = await select<Row & { row_bytes: number }>(db, table, keyAndSize(table), batch)
  let bytes = 0
  // A single row that exceeds the limit becomes a batch of its own. `bytes` never decreases: once a row exceeds the
  // limit, all later rows do too. So `filter` keeps consecutive rows from the first one on.
  const fitting = rows.slice(0, BATCH_ROWS).filter((row, index) => {
    bytes += row.row_bytes
    return index === 0 || bytes <= BATCH_BYTES
  })
  const last = fitting.at(-1)
  return last && fitting.length < rows.length ? keyOf(table, last) : undefined
}

/** Selects the key and the total length of the values, without reading the values. */
function keyAndSize({ key, unbounded }: Table) {
  const lengths = unbounded.map((name) => sql`coalesce(octet_length(${sql.ref(name)}), 0)`)
  const sum = sql.join([sql`0`, ...lengths], sql` + `)
  return sql`${columnsOf(key)}, ${sum} as row_bytes`
}

async function select<Result>(
  db: Kysely<Schema>,
  { name, key }: Table,
  columns: RawBuilder<unknown>,
  { after, upTo }: Batch,
): Promise<Result[]> {
  const bounds = [
    ...(after ? [sql`(${columnsOf(key)}) > (${sql.join(after)})`] : []),
    ...(upTo ? [sql`(${columnsOf(key)}) <= (${sql.join(upTo)})`] : []),
  ]
  const { rows } = await sql<Result>`
    select ${columns} from ${sql.table(name)}
    where ${sql.join([sql`true`, ...bounds], sql` and `)}
    order by ${columnsOf(key)} limit ${sql.lit(BATCH_ROWS + 1)}
  `.execute(db)
  return rows
}

function columnsOf(names: string[]) {
  return sql.join(names.map((name) => sql.ref(name)))
}

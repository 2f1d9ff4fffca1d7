import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Table } from '../engines/catalogue.ts'
import type { Schema } from '../schema.ts'

/** Bounds of what is in memory at once: rows, and the octets of their long values. */
const ROWS = 100
const OCTETS = 4 * 2 ** 20

export type Row = Record<string, unknown>

/** A stretch of a table in the order of its key. */
export interface Portion {
  /** The key that it begins behind; the first has none. */
  after?: unknown[]
  /** The key that it ends with; the last has none. */
  upTo?: unknown[]
}

/** Divides a table into portions that are small enough to be read whole; at least one. */
export async function* portionsOf(db: Kysely<Schema>, table: Table): AsyncGenerator<Portion> {
  let portion: Portion = {}
  for (;;) {
    const upTo = await findEnd(db, table, portion)
    yield { ...portion, ...(upTo && { upTo }) }
    if (!upTo) return
    portion = { after: upTo }
  }
}

/** Reads the rows of a portion; where it has no end, one more than a portion holds at most. */
export function readPortion(db: Kysely<Schema>, table: Table, portion: Portion): Promise<Row[]> {
  return select(db, table, columnsOf(table.columns), portion)
}

/** The values of a row's primary key. */
export function keyOf(table: Table, row: Row): unknown[] {
  return table.key.map((name) => row[name])
}

/** Gives the key of the last row that a portion has room for; undefined where no row is behind it. */
async function findEnd(db: Kysely<Schema>, table: Table, portion: Portion) {
  const rows = await select<Row & { portion_octets: number }>(db, table, measured(table), portion)
  let octets = 0
  // once the sum is over the bound it stays there; a row that is too long is a portion alone
  const fitting = rows.slice(0, ROWS).filter((row, index) => {
    octets += row.portion_octets
    return index === 0 || octets <= OCTETS
  })
  const last = fitting.at(-1)
  return last && fitting.length < rows.length ? keyOf(table, last) : undefined
}

/** A value's length is known without the value being read. */
function measured({ key, sized }: Table) {
  const lengths = sized.map((name) => sql`coalesce(octet_length(${sql.ref(name)}), 0)`)
  const sum = sql.join([sql`0`, ...lengths], sql` + `)
  return sql`${columnsOf(key)}, ${sum} as portion_octets`
}

async function select<Result>(
  db: Kysely<Schema>,
  { name, key }: Table,
  columns: RawBuilder<unknown>,
  { after, upTo }: Portion,
): Promise<Result[]> {
  const bounds = [
    ...(after ? [sql`(${columnsOf(key)}) > (${sql.join(after)})`] : []),
    ...(upTo ? [sql`(${columnsOf(key)}) <= (${sql.join(upTo)})`] : []),
  ]
  const { rows } = await sql<Result>`
    select ${columns} from ${sql.table(name)}
    where ${sql.join([sql`true`, ...bounds], sql` and `)}
    order by ${columnsOf(key)} limit ${sql.lit(ROWS + 1)}
  `.execute(db)
  return rows
}

function columnsOf(names: string[]) {
  return sql.join(names.map((name) => sql.ref(name)))
}

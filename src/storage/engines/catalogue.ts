import type { Kysely } from 'kysely'
import type { Schema } from '../schema.ts'

/** A table as the database describes it. */
export interface Table {
  name: string
  /** All columns except generated columns. */
  columns: string[]
  /** Columns of the primary key, in the order of the key. */
  key: string[]
  /** Columns whose values have no maximum length. */
  unbounded: string[]
}

/** A column of an index. */
export interface IndexColumn {
  name: string
  isDescending: boolean
  /** True if the index has null after all other values, in ascending order, with the help of an expression. */
  hasNullRank: boolean
}

/** An index of all rows of a table. */
export interface Index {
  name: string
  table: string
  columns: IndexColumn[]
}

/** Queries of an engine about its own tables. */
export interface Catalogue {
  /** Lists the tables in order of creation, so that a table comes after the tables that it refers to. */
  listTables(db: Kysely<Schema>): Promise<Table[]>
  /** Lists the indexes. Of PostgreSQL's, only those that sort null as this service does. */
  listIndexes(db: Kysely<Schema>): Promise<Index[]>
  /** Reads the largest id that the database has assigned in a table; undefined if it has assigned none. */
  readLastId(db: Kysely<Schema>, table: string): Promise<number | undefined>
  /** Makes the database assign only ids above the given id in a table. Never lowers the largest assigned id. */
  raiseLastId(db: Kysely<Schema>, table: string, id: number): Promise<void>
  /** Locks tables against writes, but not reads, until the transaction ends. */
  lockTables(db: Kysely<Schema>, tables: string[]): Promise<void>
  /** Reads the name and version of the engine, and the size of the database in bytes. */
  describe(db: Kysely<Schema>): Promise<{ engine: string; size: number }>
  /** Lists the damage that the engine finds in its structures; empty if the engine has no such check. */
  findDamage(db: Kysely<Schema>): Promise<string[]>
}

/** A column, with its position in the primary key from 1, or 0 if it is not in the key. */
export interface Column {
  table: string
  name: string
  type: string
  position: number
}

/** Types without a maximum length, by their names in both engines; '' is a column of SQLite that has no type. */
const UNBOUNDED_TYPES = ['', 'text', 'blob', 'bytea', 'varchar']

/** Groups columns into tables. The columns must be sorted by table. */
export function toTables(columns: Column[]): Table[] {
  const tables = Map.groupBy(columns, ({ table }) => table)
  return [...tables].map(([name, columns]) => ({
    name,
    columns: columns.map(({ name }) => name),
    key: columns
      .filter(({ position }) => position > 0)
      .sort((a, b) => a.position - b.position)
      .map(({ name }) => name),
    unbounded: columns
      .filter(({ type }) => UNBOUNDED_TYPES.includes(type.toLowerCase()))
      .map(({ name }) => name),
  }))
}

/** A key of an index; the name is null if the key is an expression. */
export interface IndexKey {
  table: string
  index: string
  name: string | null
  isDescending: number | boolean
}

/** Groups keys into indexes. The keys must be sorted by position. An expression belongs to the column after it. */
export function toIndexes(keys: IndexKey[]): Index[] {
  return [...Map.groupBy(keys, ({ index }) => index)].map(([name, keys]) => ({
    name,
    table: String(keys[0]?.table),
    columns: keys.flatMap(({ name, isDescending }, position) =>
      name === null
        ? []
        : [
            {
              name,
              isDescending: Boolean(isDescending),
              hasNullRank: keys[position - 1]?.name === null,
            },
          ],
    ),
  }))
}

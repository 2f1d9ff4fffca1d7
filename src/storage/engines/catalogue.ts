import type { Kysely } from 'kysely'
import type { Schema } from '../schema.ts'

/** A table as the database itself describes it. */
export interface Table {
  name: string
  /** Those that are written; what the engine derives from them is not among them. */
  columns: string[]
  /** The columns of the primary key, in its order. */
  key: string[]
  /** The columns whose values may be of any length. */
  sized: string[]
}

/** What an engine knows of the tables that it holds. */
export interface Catalogue {
  /** Gives every table, in the order they were made: one comes after those that it refers to. */
  listTables(db: Kysely<Schema>): Promise<Table[]>
  /** The largest id that a table has given so far; undefined where it gave none, or counts none. */
  readCount(db: Kysely<Schema>, table: string): Promise<number | undefined>
  /** Has a table give no id up to this one any more; never takes it back. */
  raiseCount(db: Kysely<Schema>, table: string, count: number): Promise<void>
  /** Keeps everybody else from writing to tables until the transaction ends. They can be read. */
  lockTables(db: Kysely<Schema>, tables: string[]): Promise<void>
  /** What an operator calls the engine, and how many octets the database takes. */
  describe(db: Kysely<Schema>): Promise<{ engine: string; size: number }>
  /** What the engine finds broken in its own structures; nothing where it has no such check. */
  findDamage(db: Kysely<Schema>): Promise<string[]>
}

/** A column, with the name of its table and its place in the primary key, from 1; 0 is none. */
export interface Column {
  table: string
  name: string
  type: string
  place: number
}

/** Types without a bound to their length, in the words of both engines. */
const SIZED = ['text', 'blob', 'bytea', 'varchar']

/** Makes tables of their columns, which come table by table. */
export function toTables(columns: Column[]): Table[] {
  const tables = Map.groupBy(columns, ({ table }) => table)
  return [...tables].map(([name, columns]) => ({
    name,
    columns: columns.map(({ name }) => name),
    key: columns
      .filter(({ place }) => place > 0)
      .sort((a, b) => a.place - b.place)
      .map(({ name }) => name),
    sized: columns.filter(({ type }) => SIZED.includes(type.toLowerCase())).map(({ name }) => name),
  }))
}

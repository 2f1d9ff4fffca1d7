import type { ColumnDataType, ColumnDefinitionBuilder, Kysely, RawBuilder } from 'kysely'
import type { Schema } from './schema.ts'

type Type = ColumnDataType | RawBuilder<unknown>

/** What the engines say differently. All else that is asked of a database is the same on both. */
export interface Dialect {
  /** The type of whole numbers, as far as JSON carries them. */
  integer: Type
  /** The type of text, in the order of its code points. */
  text: Type
  bytes: Type
  /** Makes a primary key that is counted. */
  counted(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder
  /** Has the ids of a table counted on from the largest there was, those that were chosen included. */
  countOn(db: Kysely<unknown>, table: string): Promise<void>
  /** The name space that tables are made in; undefined where there is one alone. */
  findNamespace(db: Kysely<Schema>): Promise<string | undefined>
}

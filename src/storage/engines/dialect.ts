import type {
  ColumnDataType,
  ColumnDefinitionBuilder,
  QueryExecutorProvider,
  RawBuilder,
  SelectQueryBuilder,
} from 'kysely'
import type { Schema } from '../schema.ts'
import type { Catalogue } from './catalogue.ts'

type Type = ColumnDataType | RawBuilder<unknown>

type Query<Table extends keyof Schema, Row> = SelectQueryBuilder<Schema, Table, Row>

/** SQL that differs between the engines. All other queries are the same on both. */
export interface Dialect {
  /** Type of integers up to 2^53 - 1, as JSON carries them. */
  integer: Type
  /** Type of text that sorts by code point. */
  text: Type
  bytes: Type
  /** Makes a column the primary key, with ids that the database assigns. */
  autoIncrement(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder
  /** Makes a table assign ids above the ids that clients have chosen, too. */
  countChosenIds(db: QueryExecutorProvider, table: string): Promise<void>
  /** Creates an index for each word in the column `words` of a table; spaces separate the words. */
  indexWords(db: QueryExecutorProvider, table: string): Promise<void>
  /** Returns a search expression that matches rows with all of the words. */
  searchFor(words: string[]): string
  /** Selects the rows that match a search expression, of a table with indexed words. */
  withWords<Table extends keyof Schema, Row>(
    query: Query<Table, Row>,
    table: Table,
    search: string,
  ): Query<Table, Row>
  /** Column that sorts such a selection by id without sorting all matches first. */
  searchedId: string
  /** Locks a name until the transaction ends; returns false at once if another transaction holds it. */
  tryLock(transaction: QueryExecutorProvider, name: string): Promise<boolean>
  /** Clause at the end of a query for rows to change: skips rows that another transaction has locked. */
  skipLocked: RawBuilder<unknown>
  catalogue: Catalogue
}

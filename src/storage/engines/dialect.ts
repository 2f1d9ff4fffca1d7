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
  countOn(db: QueryExecutorProvider, table: string): Promise<void>
  /** Has the column `words` of a table, words with spaces between them, indexed by word. */
  indexWords(db: QueryExecutorProvider, table: string): Promise<void>
  /** Says what is looked for, to find what holds all of the words. */
  searchFor(words: string[]): string
  /** Selects the rows that a search finds, of a table whose words are indexed. */
  withWords<Table extends keyof Schema, Row>(
    query: Query<Table, Row>,
    table: Table,
    search: string,
  ): Query<Table, Row>
  /** The name under which such a selection is read in the order of the ids. */
  searchedId: string
  /** Takes the lock of a name until the transaction ends; false, at once, where another one has it. */
  tryLock(transaction: QueryExecutorProvider, name: string): Promise<boolean>
  /** Ends a query for rows to change: those that another transaction is changing are passed over. */
  skipLocked: RawBuilder<unknown>
  /** The name space that tables are made in; undefined where there is one alone. */
  findNamespace(db: QueryExecutorProvider): Promise<string | undefined>
  catalogue: Catalogue
}

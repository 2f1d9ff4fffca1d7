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

/** Search for words in a table with indexed words. */
export interface Search<Table extends keyof Schema> {
  table: Table
  /** Search expression, as `searchFor` returns it, or a parameter of the query that stands for it. */
  words: unknown
  /** Conditions of the column `searchedId`, for a page after or before a position. */
  conditions: readonly RawBuilder<boolean>[]
  isDescending: boolean
}

/** SQL that differs between the engines. All other queries are the same on both engines. */
export interface Dialect {
  /** Type of integers up to 2^53 - 1, the largest that JSON parsers keep exactly. */
  integer: Type
  /** Type of text that sorts by code point. */
  text: Type
  bytes: Type
  /** Makes a column the primary key, with ids that the database assigns. */
  autoIncrement(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder
  /** Makes the database assign only ids that are larger than the ids that clients have chosen. */
  countChosenIds(db: QueryExecutorProvider, table: string): Promise<void>
  /** Creates a search index of a table's column `words`. The column contains words separated by spaces. */
  indexWords(db: QueryExecutorProvider, table: string): Promise<void>
  /** Returns a search expression that matches rows with all of the words. */
  searchFor(words: string[]): string
  /** Restricts a query of a table with indexed words to the rows that match a search expression. */
  withWords<Table extends keyof Schema, Row>(
    query: Query<Table, Row>,
    table: Table,
    search: unknown,
  ): Query<Table, Row>
  /** Id column of a query that `withWords` returns, by which the database sorts, and of the conditions of a search. */
  searchedId: string
  /** Restricts a query to the rows that match a search, in the order of the ids. */
  searchIndex<Table extends keyof Schema, Row>(
    query: Query<Table, Row>,
    search: Search<Table>,
  ): Query<Table, Row>
  /**
   * Like `searchIndex`, but finds only rows among the first rows in the order of the ids, without the index; undefined if
   * `searchIndex` stops at the end of a page.
   */
  scan:
    | (<Table extends keyof Schema, Row>(
        query: Query<Table, Row>,
        search: Search<Table>,
      ) => Query<Table, Row>)
    | undefined
  /**
   * Expression that precedes a nullable column in indexes and orders, so that null comes after all other values, as in
   * PostgreSQL; undefined if the engine sorts so itself.
   */
  nullRank(column: string): RawBuilder<unknown> | undefined
  /**
   * True if a page is read range by range. SQLite compares `(title, id)` with a position by reading all rows with this
   * title, and several queries cost no more than one, since it runs in this process.
   */
  readsRanges: boolean
  /**
   * Clause after the name of a table that makes a query use an index, or fail without it. SQLite has no statistics
   * unless someone runs ANALYZE, so it may choose an index that lacks the columns of some filters; PostgreSQL has no
   * such clause.
   */
  indexedBy: ((index: string) => string) | undefined
  /** The planner's estimate of the number of rows of a query; undefined if the engine has none. */
  estimate:
    | {
        explain(query: RawBuilder<unknown>): RawBuilder<unknown>
        /** Returns the estimate in the first row of the explanation. */
        rowsOf(row: unknown): number
      }
    | undefined
  /** Waits until no backup reads the database, and makes further backups wait until the transaction ends. */
  excludeSnapshots(transaction: QueryExecutorProvider): Promise<void>
  /** Locks a name until the transaction ends; returns false at once if another transaction holds it. */
  tryLock(transaction: QueryExecutorProvider, name: string): Promise<boolean>
  /**
   * Clause at the end of a query that selects rows to change. The query then skips rows that another transaction has
   * locked.
   */
  skipLocked: RawBuilder<unknown>
  catalogue: Catalogue
}

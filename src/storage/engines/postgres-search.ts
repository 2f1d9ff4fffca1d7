/**
 * Searches for words on PostgreSQL. The index of words returns all matches, in no order. A page of a frequent word is
 * found sooner by reading rows in the order of their ids.
 */
import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import type { Schema } from '../schema.ts'
import type { Search } from './dialect.ts'

/** Maximum number of rows that `scan` reads. */
const SCANNED_ROWS = 2_000

/** Expression in the search index of a table with words. */
export const WORDS = sql`words_vector(words)`

type Query<Table extends keyof Schema, Row> = SelectQueryBuilder<Schema, Table, Row>

export function withWords<Table extends keyof Schema, Row>(
  query: Query<Table, Row>,
  table: Table,
  search: unknown,
): Query<Table, Row> {
  return query.where(sql<boolean>`words_vector(${sql.ref(`${table}.words`)}) @@ ${search}::tsquery`)
}

/**
 * Finds rows with the index of words. With `offset 0`, the planner runs the search first. Otherwise it may read rows in
 * the order of ids, which means the whole table if only the last rows match.
 */
export function searchIndex<Table extends keyof Schema, Row>(
  query: Query<Table, Row>,
  search: Search<Table>,
): Query<Table, Row> {
  const { table, words, conditions } = search
  const matches = sql`select id from ${sql.table(table)} where ${WORDS} @@ ${words}::tsquery offset 0`
  const inOrder = sql`select id as found_id from (${matches}) as matches where ${all(conditions)}
    order by id ${directionOf(search)}`
  return joinFound(query, search, inOrder)
}

/**
 * Finds rows among the first rows in the order of the ids. Comparing text takes a fraction of the time of
 * `words_vector`, which sorts the words.
 */
export function scan<Table extends keyof Schema, Row>(
  query: Query<Table, Row>,
  search: Search<Table>,
): Query<Table, Row> {
  const { table, words, conditions } = search
  const rows = sql`select id as found_id, words as found_words from ${sql.table(table)} where ${all(conditions)}
    order by id ${directionOf(search)} limit ${sql.lit(SCANNED_ROWS)}`
  // The inverse of `searchFor`. Words have no characters that are special in a pattern.
  const patterns = sql`array(
    select '% ' || word || ' %'
    from unnest(string_to_array(trim('''' from ${words}::text), ''' & ''')) as word
  )`
  return joinFound(query, search, rows).where(
    sql<boolean>`' ' || found.found_words || ' ' like all (${patterns})`,
  )
}

/**
 * Restricts a query to the found rows, in their order. With `any`, the planner reads the other columns of one row after
 * another until the page is full. With `=` it may join all rows first.
 */
function joinFound<Table extends keyof Schema, Row>(
  query: Query<Table, Row>,
  search: Search<Table>,
  rows: ReturnType<typeof sql>,
): Query<Table, Row> {
  const id = sql.ref(`${search.table}.id`)
  return query
    .innerJoin(sql`(${rows})`.as('found'), (join) =>
      join.on(sql<boolean>`${id} = any(array[found.found_id])`),
    )
    .orderBy(sql`found.found_id`, search.isDescending ? 'desc' : 'asc') as Query<Table, Row>
}

function all(conditions: readonly RawBuilder<boolean>[]) {
  return sql.join([sql`true`, ...conditions], sql` and `)
}

function directionOf({ isDescending }: Search<keyof Schema>) {
  return sql.raw(isDescending ? 'desc' : 'asc')
}

import { CompiledQuery } from 'kysely'
import type { Test } from 'tap'
import type { Database, Session } from '../../src/storage/database.ts'
import type { PageRequest, Position } from '../../src/storage/pagination.ts'

/** Number of rows in a table that `fillTable` fills. With fewer rows, PostgreSQL might not use an index. */
export const ROWS = 20_000

/** Returns a session of the database that records its queries, and the list of these queries. */
export function observe(database: Database): { session: Session; queries: CompiledQuery[] } {
  const queries: CompiledQuery[] = []
  const read: Session['read'] = (query) => {
    queries.push(query)
    return database.read(query)
  }
  return { session: { ...database, read }, queries }
}

/** Returns the plan of a query, with one line per step. */
export async function planOf(t: Test, { reader }: Database, { sql, parameters }: CompiledQuery) {
  const explain = t.context.isOnPostgres ? 'explain' : 'explain query plan'
  const { rows } = await reader.executeQuery<Record<string, string>>(
    CompiledQuery.raw(`${explain} ${sql}`, [...parameters]),
  )
  return rows.map((row) => row.detail ?? row['QUERY PLAN']).join('\n')
}

/**
 * Fills a table with a row for each number `i` from 1 to ROWS.
 *
 * @param columns names of the columns, in parentheses
 * @param values SQL expressions of the values, which may use `i`
 */
export async function fillTable(
  t: Test,
  database: Database,
  table: string,
  columns: string,
  values: string,
) {
  const numbers = t.context.isOnPostgres
    ? `generate_series(1, ${ROWS}) as n (i)`
    : `(with recursive n (i) as (select 1 union all select i + 1 from n where i < ${ROWS}) select i from n) as n`
  const statement = `insert into ${table} ${columns} select ${values} from ${numbers}`
  await database.transactAlone((writer) => writer.executeQuery(CompiledQuery.raw(statement)))
  if (!t.context.isOnPostgres) return // only PostgreSQL needs statistics to plan queries
  await database.write((writer) => writer.executeQuery(CompiledQuery.raw(`analyze ${table}`)))
}

/**
 * For each field and both sort directions, returns three page requests: the first page, the page after a position, and
 * the page before this position. They have no filter.
 */
export function requestsBy<Field extends string>(fields: readonly Field[]): PageRequest<Field>[] {
  return fields.flatMap((field) => {
    const position: Position = field === 'id' ? [10_000] : [`${field.charAt(0)}2500`, 10_000]
    return [false, true].flatMap((isDescending) =>
      [undefined, { position, isBackwards: false }, { position, isBackwards: true }].map(
        (from) => ({
          limit: 20,
          field,
          isDescending,
          from,
        }),
      ),
    )
  })
}

/** Matches the steps of a plan that scan a table or sort rows. */
export const SLOW = /Seq Scan|Sort|USE TEMP B-TREE|SCAN \w+$/m

/**
 * Matches the slow steps of a query that sorts by id. It does not match SQLite's scan of the table, since SQLite stores
 * the rows in the order of their ids.
 */
const SLOW_BY_ID = /Seq Scan|Sort|USE TEMP B-TREE/

/**
 * Asserts that each query reads its rows in the order of an index, without sorting. A query that sorts by id may read
 * the table itself in SQLite.
 */
export async function expectIndexed(t: Test, database: Database, queries: CompiledQuery[]) {
  for (const query of queries) {
    const isById = /order by "id" \w+ limit/.test(query.sql) && !query.sql.includes('where')
    t.notMatch(await planOf(t, database, query), isById ? SLOW_BY_ID : SLOW, query.sql)
  }
}

import { CompiledQuery } from 'kysely'
import type { Test } from 'tap'
import type { Database, Session } from '../../src/storage/database.ts'
import type { PageRequest, Position } from '../../src/storage/pagination.ts'

/** Enough rows for PostgreSQL to prefer an index. */
export const ROWS = 20_000

/** Returns a session that collects the queries which are read through it. */
export function observe(database: Database): { session: Session; queries: CompiledQuery[] } {
  const queries: CompiledQuery[] = []
  const read: Session['read'] = (query) => {
    queries.push(query)
    return database.read(query)
  }
  return { session: { ...database, read }, queries }
}

/** Returns the engine's plan of a query, a line per step. */
export async function planOf(t: Test, { reader }: Database, { sql, parameters }: CompiledQuery) {
  const explain = t.context.isOnPostgres ? 'explain' : 'explain query plan'
  const { rows } = await reader.executeQuery<Record<string, string>>(
    CompiledQuery.raw(`${explain} ${sql}`, [...parameters]),
  )
  return rows.map((row) => row.detail ?? row['QUERY PLAN']).join('\n')
}

/**
 * Fills a table with rows of the numbers `i` from 1 to ROWS.
 *
 * @param columns of the table, in parentheses
 * @param values expressions of `i`
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
  if (!t.context.isOnPostgres) return // SQLite plans without statistics
  await database.write((writer) => writer.executeQuery(CompiledQuery.raw(`analyze ${table}`)))
}

/** Returns every kind of page request by these fields, but for filters. */
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

/** A step that scans a table, or sorts rows. */
export const SLOW = /Seq Scan|Sort|USE TEMP B-TREE|SCAN \w+$/m

/** The same by id: SQLite stores a table in that order, so it may scan it. */
const SLOW_BY_ID = /Seq Scan|Sort|USE TEMP B-TREE/

/** Expects that queries of a list read an index in its order. */
export async function expectIndexed(t: Test, database: Database, queries: CompiledQuery[]) {
  for (const query of queries) {
    const isById = /order by "id" \w+ limit/.test(query.sql) && !query.sql.includes('where')
    t.notMatch(await planOf(t, database, query), isById ? SLOW_BY_ID : SLOW, query.sql)
  }
}

/** Number of items of a list, which is counted up to a limit, so that no request reads all rows of a long list. */
import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import type { Dialect } from './engines/dialect.ts'
import { type Count, MAX_COUNT, type Total } from './list.ts'
import type { Schema } from './schema.ts'

/** Runs a query, and returns its rows. */
type Run = <Row>(query: RawBuilder<Row>) => Promise<Row[]>

/**
 * Counts the rows of several queries.
 *
 * @param queries queries without common rows, in an order that makes the database read an index
 */
export async function countRows<Table extends keyof Schema>(
  queries: SelectQueryBuilder<Schema, Table, unknown>[],
  { estimate }: Dialect,
  count: Count,
  run: Run,
): Promise<Total> {
  const parts = queries.map((query, index) => {
    const rows = query.clearSelect().select(sql.lit(1).as('found'))
    return sql`select * from ${rows} as ${sql.ref(`range${index}`)}`
  })
  const all = sql.join(parts, sql` union all `)
  const limit = sql.lit(MAX_COUNT + 1)
  const rows = await run(
    sql<{ total: number }>`select count(*) as total from (${all} limit ${limit}) as page`,
  )
  const { total } = rows[0] as { total: number } // count(*) returns one row
  if (total <= MAX_COUNT) return { value: total, count }
  if (count === 'exact' || !estimate) return { value: MAX_COUNT }
  const [plan] = await run(estimate.explain(all))
  return { value: Math.max(total, estimate.rowsOf(plan)), count }
}

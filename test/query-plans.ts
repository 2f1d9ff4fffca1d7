import { CompiledQuery } from 'kysely'
import type { Test } from 'tap'
import type { Database, Session } from '../src/storage/database.ts'
import {
  type Field,
  type Filters,
  keysOf,
  type List,
  type PageRequest,
  type Value,
} from '../src/storage/list.ts'
import { openMigrated } from './database.ts'
import { testOnEachEngine } from './engines.ts'

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

interface Step {
  id: number
  parent: number
  detail: string
  'QUERY PLAN': string
}

/** PostgreSQL may sort rows, or read more rows than match, if it expects few of them. This shows what it can avoid. */
const AVOID = ['seqscan', 'bitmapscan', 'sort', 'incremental_sort'].map(
  (name) => `set_config('enable_${name}', 'off', true)`,
)

/** Returns the plan of a query, with one line per step, indented below the step that uses it. */
export async function planOf(t: Test, database: Database, { sql, parameters }: CompiledQuery) {
  const explain = (prefix: string, reader = database.reader) =>
    reader.executeQuery<Step>(CompiledQuery.raw(`${prefix} ${sql}`, [...parameters]))
  if (t.context.isOnPostgres) {
    const { rows } = await database.transact(async (transaction) => {
      await transaction.executeQuery(CompiledQuery.raw(`select ${AVOID.join(', ')}`))
      return explain('explain', transaction)
    })
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  }
  const { rows } = await explain('explain query plan')
  const depths = new Map([[0, 0]])
  return rows
    .map(({ id, parent, detail }) => {
      const depth = depths.get(parent) ?? 0
      depths.set(id, depth + 1)
      return '  '.repeat(depth) + detail
    })
    .join('\n')
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

const SAMPLES: Record<Field['type'], [low: Value, middle: Value, high: Value]> = {
  text: ['b', 'm', 't'],
  time: ['2012-01-01T00:00:00.000Z', '2013-01-01T00:00:00.000Z', '2014-01-01T00:00:00.000Z'],
  integer: [1, 4, 8],
  number: [0.1, 0.5, 0.9],
  boolean: [false, true, true],
}

/**
 * Returns page requests for each combination and order that a list declares: the first page, the pages after and before
 * positions with and without null, and the same within a range.
 */
export function requestsOf(list: List): PageRequest[] {
  return list.combinations.flatMap(({ filters, sorts }) =>
    sorts.flatMap((sort) => {
      const [first] = keysOf(list, sort).filter(({ field }) => !filters.includes(field))
      const ranges = Object.values(list.parameters)
        .filter(({ field, operator }) => field === first?.field && operator === 'gte')
        .map(({ field, type }) => {
          const [low, , high] = SAMPLES[type]
          return { field, bounds: { gte: low, lt: high } }
        })
      return choicesOf(list, filters).flatMap((equal) =>
        [{ equal }, ...ranges.map((range) => ({ equal, range }))].flatMap((filters) =>
          [undefined, ...positionsOf(list, sort, filters)].map((from) => {
            return { limit: 20, sort, filters, from }
          }),
        ),
      )
    }),
  )
}

/** Returns the filters with one value each, with two values each, and with null as far as possible. */
function choicesOf(list: List, filters: readonly string[]): Filters['equal'][] {
  const filtered = Object.values(list.parameters).filter(({ field }) => filters.includes(field))
  const choose = (pick: (field: Field) => Value[]) =>
    Object.fromEntries(filtered.map((filter) => [filter.field, pick(filter)]))
  if (filters.length === 0) return [{}]
  return [
    choose(({ type }) => SAMPLES[type].slice(1, 2)),
    choose(({ type }) => SAMPLES[type].slice(1)),
    choose(({ type, isNullable }) => (isNullable ? [null] : SAMPLES[type].slice(1, 2))),
  ]
}

function positionsOf(list: List, sort: string, { range }: Filters): PageRequest['from'][] {
  const patterns = keysOf(list, sort).reduce<Value[][]>(
    (positions, { field, type, isNullable }) => {
      const values = [SAMPLES[type][1], ...(isNullable && field !== range?.field ? [null] : [])]
      return positions.flatMap((position) => values.map((value) => [...position, value]))
    },
    [[]],
  )
  return patterns.flatMap((values) =>
    [false, true].map((isBackwards) => ({ position: [...values, 10_000] as const, isBackwards })),
  )
}

/** Matches the steps of a plan that scan a table, sort rows, or read rows that do not match. */
export const SLOW = /Seq Scan|Sort|Filter:|USE TEMP B-TREE|SCAN \w+$/m

/**
 * Asserts that each query reads only its rows, in the order of an index, without sorting. A query that sorts by id may
 * read the table itself in SQLite, which stores the rows in the order of their ids.
 */
export async function expectIndexed(t: Test, database: Database, queries: CompiledQuery[]) {
  for (const query of queries) {
    const steps = rangesOf(await planOf(t, database, query))
    const isById = /order by "id" \w+ limit/.test(query.sql) && !query.sql.includes('where')
    const isIndexed = t.context.isOnPostgres || isById || usesConditions(query.sql, steps)
    const isFast = !(isById ? /Seq Scan|Sort|USE TEMP B-TREE/ : SLOW).test(steps)
    if (!isIndexed || !isFast) t.fail(`${query.sql}\n${steps}`)
  }
  t.ok(queries.length > 0, `${queries.length} queries read only their rows`)
}

/** Returns the steps that read ranges, without the steps that merge the ranges, whose size is limited. */
function rangesOf(plan: string): string {
  const lines = plan.split('\n')
  const isRange = plan.includes('CO-ROUTINE') ? /CO-ROUTINE/ : /Append/.test(plan) && /-> {2}Limit/
  if (!isRange) return plan
  const depthOf = (line: string) => line.search(/\S/)
  return lines
    .filter((_line, index) =>
      lines.slice(0, index).some((head, from) => {
        const below = lines.slice(from + 1, index + 1)
        return isRange.test(head) && below.every((each) => depthOf(each) > depthOf(head))
      }),
    )
    .join('\n')
}

/** Returns true if the index of SQLite's plan contains the columns of all conditions. */
function usesConditions(sql: string, steps: string): boolean {
  const equal = [...sql.matchAll(/"(\w+)" (?:=|is null(?!\)))/g)].map(([, name]) => `\\b${name}=`)
  const compared = [...sql.matchAll(/"(\w+)" [<>]/g)].map(([, name]) => `\\b(?:${name}|rowid)[<>]`)
  return [...equal, ...compared].every((pattern) => new RegExp(pattern).test(steps))
}

/** A list whose table `fillTable` fills. */
interface FilledList {
  list: List
  table: string
  columns: string
  values: string
  createStore(session: Session): { list(request: PageRequest): Promise<unknown> }
}

/** Defines a test in which each declared combination of filters and order reads an index. */
export function testIndexes({ list, table, columns, values, createStore }: FilledList) {
  testOnEachEngine(`the list of ${table} reads its indexes, without sorting`, async (t) => {
    const database = await openMigrated(t)
    await fillTable(t, database, table, columns, values)
    const { session, queries } = observe(database)
    const store = createStore(session)
    for (const request of requestsOf(list)) await store.list(request)
    await expectIndexed(t, database, queries)
  })
}

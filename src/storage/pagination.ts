/**
 * Keyset pagination: reads a page from a position in the sort order instead of counting rows, so that every page costs
 * the same if there is an index.
 */
import { type CompiledQuery, type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import type { Session } from './database.ts'
import {
  type Count,
  keysOf,
  keysWithId,
  type List,
  type Page,
  type PageRequest,
  type Position,
  type Total,
} from './list.ts'
import { countRows } from './list-count.ts'
import { indexOf } from './list-indexes.ts'
import { bindParameters, Parameter, type Range } from './page-keys.ts'
import { rangesOf, shapeOf } from './page-ranges.ts'
import type { Schema } from './schema.ts'
import { snakeCase } from './snake-case.ts'

/** Maximum number of queries that a page reader keeps, since clients can request many combinations of filters. */
const MAX_QUERIES = 200

interface Source<Table extends keyof Schema, Item, Scope extends readonly unknown[]> {
  table: Table
  list: List
  /**
   * Returns the query for all items. It selects the members by which the list can be sorted, under their names. Its
   * arguments may only be parameters of the query, since a query is built once for each order and combination of
   * filters: building it takes longer than running it.
   */
  select: (...scope: Scope) => SelectQueryBuilder<Schema, Table, Item>
  /** Columns that `select` compares with its arguments, such as the id of a parent. */
  scope?: readonly string[]
  /** Columns of members, unless they are the members' names in snake case. */
  columns?: Readonly<Record<string, string>>
}

/** Maximum number of rows. One more row than the limit shows that there is another page. */
export const LIMIT = new Parameter(({ request }) => request.limit + 1)

/** Returns a function that reads pages of a list. */
export function createPageReader<
  Table extends keyof Schema,
  Item extends { id: number },
  Scope extends readonly unknown[],
>(
  { table, list, select, scope = [], columns = {} }: Source<Table, Item, Scope>,
  { read, reader, dialect, onList }: Session,
) {
  const compiled = new Map<string, CompiledQuery<Item>[]>()
  const columnOf = (field: string) => columns[field] ?? snakeCase(field)
  const source = { list, dialect, columnOf }
  const tableName = new RegExp(` from "${table}"(?: as "\\w+")?`, 'g')
  const stored = { table, list, columnOf, scope }
  onList?.(stored)

  function selectRange({ conditions, order }: Range) {
    const scope = Array.from(
      { length: select.length },
      (_, index) => new Parameter(({ scope }) => scope[index]),
    )
    let query = select(...(scope as unknown as Scope))
    for (const condition of conditions) query = query.where(condition)
    for (const { by, isDescending } of order)
      query = query.orderBy(by, isDescending ? 'desc' : 'asc')
    return query
  }

  /** Compiles the queries of a page, which are run one after another until the page is full. */
  function compile(request: PageRequest): CompiledQuery<Item>[] {
    const sequences = rangesOf(source, request)
    const queries = sequences.flat().map((range) => selectRange(range).limit(sql<number>`${LIMIT}`))
    const index = indexFor(request)
    if (queries.length === 1 || (sequences.length === 1 && dialect.readsRanges)) {
      return queries.map((query) => useIndex(query.compile(), index))
    }
    const parts = queries.map(
      (query, index) => sql`select * from (${query}) as ${sql.ref(`range${index}`)}`,
    )
    const order = orderOfPage(list, request)
    const all = sql<Item>`select * from (${sql.join(parts, sql` union all `)}) as page order by ${order} limit ${LIMIT}`
    return [useIndex(all.compile(reader), index)]
  }

  function indexFor(request: PageRequest): string | undefined {
    return indexOf(stored, request)
  }

  function useIndex<Row>(query: CompiledQuery<Row>, index: string | undefined) {
    if (index === undefined || !dialect.indexedBy) return query
    return { ...query, sql: query.sql.replaceAll(tableName, `$&${dialect.indexedBy(index)}`) }
  }

  function run<Row>(query: CompiledQuery<Row>, request: PageRequest, scope: Scope): Promise<Row[]> {
    return read<Row>(bindParameters(query, { request, scope }))
  }

  /** Counts the items of all pages. */
  function countItems(request: PageRequest, count: Count, scope: Scope): Promise<Total> {
    const queries = rangesOf(source, { ...request, from: undefined })
      .flat()
      .map(selectRange)
    return countRows(queries, dialect, count, <Row>(query: RawBuilder<Row>) =>
      run(useIndex(query.compile(reader), indexFor(request)), request, scope),
    )
  }

  /** Reads a page. */
  return async (request: PageRequest, ...scope: Scope): Promise<Page<Item>> => {
    const shape = shapeOf(request)
    let queries = compiled.get(shape)
    if (!queries) {
      if (compiled.size >= MAX_QUERIES) compiled.clear()
      queries = compile(request)
      compiled.set(shape, queries)
    }
    const rows: Item[] = []
    for (const query of queries) {
      rows.push(...(await run(query, request, scope)))
      if (rows.length > request.limit) break
    }
    const page = pageOf(list, request, rows)
    const { count } = request
    return count ? { ...page, total: await countItems(request, count, scope) } : page
  }
}

/** Returns the page of the rows, which are in the order of the query. */
export function pageOf<Item extends { id: number }>(
  list: List,
  { limit, sort, from }: PageRequest,
  rows: Item[],
): Page<Item> {
  const isBackwards = from?.isBackwards ?? false
  const hasMore = rows.length > limit
  const items = rows.slice(0, limit)
  if (isBackwards) items.reverse()
  return {
    items,
    previous: from && (hasMore || !isBackwards) ? positionOf(list, sort, items[0]) : undefined,
    next: hasMore || isBackwards ? positionOf(list, sort, items.at(-1)) : undefined,
  }
}

function positionOf(
  list: List,
  sort: string,
  item: { id: number } | undefined,
): Position | undefined {
  if (!item) return undefined
  const values = keysOf(list, sort).map(({ field, type }) => {
    const value = Reflect.get(item, field) ?? null
    // SQLite has no boolean type.
    return type === 'boolean' && value !== null ? Boolean(value) : value
  })
  return [...values, item.id]
}

/** Order of rows from several ranges, by the names of the members. */
function orderOfPage(list: List, { sort, from }: PageRequest) {
  const isBackwards = from?.isBackwards ?? false
  return sql.join(
    keysWithId(list, sort).map(({ field, isDescending }) => {
      const order = isDescending !== isBackwards ? 'desc nulls first' : 'asc nulls last'
      return sql`${sql.ref(field)} ${sql.raw(order)}`
    }),
  )
}

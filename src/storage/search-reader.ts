/** Pages of the rows that contain all words of a search, in the order of the ids. */
import { type CompiledQuery, type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import type { Session } from './database.ts'
import type { Search } from './engines/dialect.ts'
import type { List, Page, PageRequest } from './list.ts'
import { countRows } from './list-count.ts'
import { bindParameters, Parameter, type Range } from './page-keys.ts'
import { rangesOf, shapeOf } from './page-ranges.ts'
import { LIMIT, pageOf } from './pagination.ts'
import type { Schema } from './schema.ts'

/** Estimated number of matches from which on a search is tried without the index of words. */
const MANY_MATCHES = 2_000

/** Other reads do not wait for a search on the same connection. */
const SLOW = { mayBeSlow: true }

interface Source<Table extends keyof Schema, Item> {
  /** Table with indexed words. */
  table: Table
  list: List
  /** Returns the query for all items. */
  select(): SelectQueryBuilder<Schema, Table, Item>
}

/** Returns a function that reads pages of a search. */
export function createSearchReader<Table extends keyof Schema, Item extends { id: number }>(
  { table, list, select }: Source<Table, Item>,
  { read, reader, dialect }: Session,
) {
  const source = { list, dialect, columnOf: () => dialect.searchedId }
  const compiled = new Map<string, CompiledQuery<Item>>()
  const words = new Parameter(({ scope }) => scope[0])
  const matches = () => dialect.withWords(select(), table, words)

  function searchOf(request: PageRequest): Search<Table> {
    // Without filters, the order of ids has one range and one sort term.
    const [[{ conditions, order }]] = rangesOf(source, request) as [[Range]]
    return { table, words, conditions, isDescending: order[0]?.isDescending === true }
  }

  /** Compiles a query once for all requests of the same shape. */
  function compile(find: typeof dialect.searchIndex, request: PageRequest) {
    const shape = `${find.name} ${shapeOf(request)}`
    const known = compiled.get(shape)
    if (known) return known
    const query = find(select(), searchOf(request)).limit(sql<number>`${LIMIT}`).compile()
    compiled.set(shape, query)
    return query
  }

  function run<Row>(query: CompiledQuery<Row>, request: PageRequest, search: string) {
    return read<Row>(bindParameters(query, { request, scope: [search] }), SLOW)
  }

  /** Reads the rows of a page and one more, if there are so many. */
  async function readRows(request: PageRequest, search: string): Promise<Item[]> {
    const { scan, estimate } = dialect
    if (scan && estimate) {
      const [plan] = await run(estimate.explain(sql`${matches()}`).compile(reader), request, search)
      if (estimate.rowsOf(plan) >= MANY_MATCHES) {
        const rows = await run(compile(scan, request), request, search)
        if (rows.length > request.limit) return rows
      }
    }
    return run(compile(dialect.searchIndex, request), request, search)
  }

  /** Reads a page of the rows with all of the words, which are not empty. */
  return async (request: PageRequest, words: string[]): Promise<Page<Item>> => {
    const search = dialect.searchFor(words)
    const page = pageOf(list, request, await readRows(request, search))
    const { count } = request
    if (!count) return page
    const total = await countRows([matches()], dialect, count, <Row>(query: RawBuilder<Row>) =>
      run(query.compile(reader), request, search),
    )
    return { ...page, total }
  }
}

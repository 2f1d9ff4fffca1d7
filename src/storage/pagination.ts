/**
 * Keyset pagination: reads a page from a position in the sort order instead of counting rows, so that every page costs
 * the same if there is an index.
 */
import { type CompiledQuery, type SelectQueryBuilder, sql } from 'kysely'
import type { Read } from './database.ts'
import type { Schema } from './schema.ts'

/** Keyset position: sort value (unless sorted by id) and id. */
export type Position = [id: number] | [value: string, id: number]

/** Request for a page of a list that is sorted by a field, and by id among equal values. */
export interface PageRequest<Field extends string = string> {
  /** Maximum number of items. */
  limit: number
  field: Field
  isDescending: boolean
  /** Position before or after the page; undefined for the first page. */
  from?: { position: Position; isBackwards: boolean } | undefined
}

export interface Page<Item> {
  items: Item[]
  /** Position of the first item, if there may be items before it. */
  previous?: Position | undefined
  /** Position of the last item, if there may be items after it. */
  next?: Position | undefined
}

/**
 * The query for all items of a list, or for those that match a filter. `createPageReader` adds the order and the limit.
 */
interface Selection<Table extends keyof Schema, Item> {
  /** A query whose only parameter is the value of the filter. */
  query: SelectQueryBuilder<Schema, Table, Item>
  /** Column of the id, if it is not `id`. */
  id?: string
}

/**
 * Returns a function that reads pages.
 *
 * @param columns column of each sort field; undefined for the id
 * @param selections functions that return the query for the whole list (`all`), and for each filter. A query is built
 * only once for each sort order, since building a query takes longer than running it
 */
export function createPageReader<
  Field extends string,
  Name extends string,
  Table extends keyof Schema,
  Item extends { id: number },
>(
  read: Read,
  columns: Record<Field, string | undefined>,
  selections: Record<'all' | Name, (value: string) => Selection<Table, Item>>,
) {
  const compiled = new Map<string, CompiledQuery<Item>>()

  function compile({ query, id = 'id' }: Selection<Table, Item>, request: PageRequest<Field>) {
    const keys = [columns[request.field] ?? [], id].flat().map((key) => sql.ref(key))
    let page = query.limit(request.limit)
    for (const key of keys) page = page.orderBy(key, queryIsDescending(request) ? 'desc' : 'asc')
    if (request.from) {
      const beyond = sql.raw(queryIsDescending(request) ? '<' : '>')
      const position = sql.join([...request.from.position])
      page = page.where(sql<boolean>`(${sql.join(keys)}) ${beyond} (${position})`)
    }
    return page.compile()
  }

  /** Reads a page of the items that match the filter, or of all items if `value` is undefined. */
  return async (
    request: PageRequest<Field>,
    filter: Name,
    value: string | undefined,
  ): Promise<Page<Item>> => {
    const { limit, field, from } = request
    const name = value === undefined ? 'all' : filter
    const shape = `${name} ${field} ${queryIsDescending(request)} ${from !== undefined}`
    let query = compiled.get(shape)
    if (!query) {
      query = compile(selections[name](value ?? ''), request)
      compiled.set(shape, query)
    }
    const rows = await read<Item>({
      ...query,
      // The rows are in the order of the query. One more row than the limit shows that there is another page.
      parameters: [...(value === undefined ? [] : [value]), ...(from?.position ?? []), limit + 1],
    })
    const isBackwards = from?.isBackwards ?? false
    const hasMore = rows.length > limit
    const items = rows.slice(0, limit)
    if (isBackwards) items.reverse()
    return {
      items,
      previous: from && (hasMore || !isBackwards) ? positionOf(items[0], field) : undefined,
      next: hasMore || isBackwards ? positionOf(items.at(-1), field) : undefined,
    }
  }
}

/** Returns true if the query sorts in descending order. For a previous page, the query reverses the order. */
function queryIsDescending({ isDescending, from }: PageRequest): boolean {
  return isDescending !== (from?.isBackwards ?? false)
}

function positionOf(item: { id: number } | undefined, field: string): Position | undefined {
  if (!item) return undefined
  return field === 'id' ? [item.id] : [String(Reflect.get(item, field)), item.id]
}

import { type SelectQueryBuilder, sql } from 'kysely'
import type { Read } from './database.ts'

/** Where an item stands in a list: its value of the field that sorts it, where that is another, and its id. */
export type Position = [id: number] | [value: string, id: number]

/** A part of a list that is sorted by a field, and by id where its values are equal. */
export interface PageRequest<Field extends string = string> {
  /** The most items that it holds. */
  limit: number
  field: Field
  isDescending: boolean
  /** The item that it follows, or precedes; undefined for the beginning of the list. */
  from?: { position: Position; isBackwards: boolean } | undefined
}

export interface Page<Item> {
  items: Item[]
  /** The first item's position, where there may be others before it. */
  previous?: Position | undefined
  /** The last item's position, where there may be others after it. */
  next?: Position | undefined
}

/** The columns that sort a list. The id alone, or a column of text and then the id. */
export interface SortColumns {
  column?: string | undefined
  id: string
}

/**
 * Reads a page by its place in the order of the rows, and not by counting from the first one (keyset
 * pagination): with an index on the columns, a page costs the same wherever it is.
 *
 * @param query the rows of the list; the columns that sort it are among theirs.
 */
export async function readPage<Schema, Table extends keyof Schema, Row extends { id: number }>(
  read: Read,
  query: SelectQueryBuilder<Schema, Table, Row>,
  { column, id }: SortColumns,
  { limit, isDescending, from }: PageRequest,
): Promise<Page<Row>> {
  const isBackwards = from?.isBackwards ?? false
  const isFalling = isDescending !== isBackwards
  const keys = (column ? [column, id] : [id]).map((name) => sql.ref(name))

  let page = query.limit(limit + 1) // the one more tells whether there is another page
  for (const key of keys) page = page.orderBy(key, isFalling ? 'desc' : 'asc')
  if (from) {
    const beyond = sql.raw(isFalling ? '<' : '>')
    page = page.where(sql<boolean>`(${sql.join(keys)}) ${beyond} (${sql.join([...from.position])})`)
  }
  const rows = await read(page.compile())
  const hasMore = rows.length > limit
  const items = rows.slice(0, limit)
  if (isBackwards) items.reverse()
  return {
    items,
    previous: from && (hasMore || !isBackwards) ? positionOf(items[0], column) : undefined,
    next: hasMore || isBackwards ? positionOf(items.at(-1), column) : undefined,
  }
}

function positionOf(row: { id: number } | undefined, column?: string): Position | undefined {
  if (!row) return undefined
  return column ? [String(Reflect.get(row, column)), row.id] : [row.id]
}

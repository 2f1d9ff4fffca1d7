import { type CompiledQuery, type SelectQueryBuilder, sql } from 'kysely'
import type { Read } from './database.ts'
import type { Schema } from './schema.ts'

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

/** The items of a list, before they are sorted. */
interface Selection<Table extends keyof Schema, Item> {
  /** Its only value is the filter's. */
  query: SelectQueryBuilder<Schema, Table, Item>
  /** What the id is read by, where that is not the table's own. */
  id?: string
}

/**
 * Gives what reads pages by their place in the order of the rows, and not by counting from the first one
 * (keyset pagination): with an index on the columns, a page costs the same wherever it is.
 *
 * @param columns what each field is sorted by; the id has no column besides.
 * @param selections what can be asked for: all of the list, or what a filter of this name finds. Each is
 * built once for each order, since to build a query takes longer than to run it.
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
    for (const key of keys) page = page.orderBy(key, isFalling(request) ? 'desc' : 'asc')
    if (request.from) {
      const beyond = sql.raw(isFalling(request) ? '<' : '>')
      const position = sql.join([...request.from.position])
      page = page.where(sql<boolean>`(${sql.join(keys)}) ${beyond} (${position})`)
    }
    return page.compile()
  }

  /** Gives a page of what the filter finds; without a value for it, of all. */
  return async (
    request: PageRequest<Field>,
    filter: Name,
    value: string | undefined,
  ): Promise<Page<Item>> => {
    const { limit, field, from } = request
    const name = value === undefined ? 'all' : filter
    const shape = `${name} ${field} ${isFalling(request)} ${from !== undefined}`
    const query = compiled.get(shape) ?? compile(selections[name](value ?? ''), request)
    compiled.set(shape, query)
    const rows = await read<Item>({
      ...query,
      // as they stand in it; the one more tells whether there is another page
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

/** Whether the rows are read from the last of their order to the first. */
function isFalling({ isDescending, from }: PageRequest): boolean {
  return isDescending !== (from?.isBackwards ?? false)
}

function positionOf(item: { id: number } | undefined, field: string): Position | undefined {
  if (!item) return undefined
  return field === 'id' ? [item.id] : [String(Reflect.get(item, field)), item.id]
}

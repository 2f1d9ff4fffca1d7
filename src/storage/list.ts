/** Description of a list, which the schema of the query, its parser and the page reader share. */

/** Value of a member by which lists are sorted or filtered. */
export type Value = string | number | boolean | null

export interface Field {
  /** `time` is text in UTC, to the millisecond (RFC 3339). */
  type: 'text' | 'time' | 'integer' | 'number' | 'boolean'
  isNullable: boolean
}

export interface SortKey extends Field {
  field: string
  isDescending: boolean
}

/** Member that a query parameter filters, and the comparison. */
export interface Filter extends Field {
  field: string
  operator: Operator
}

/** Filters that can be combined, and the orders in which the database can return their results. */
export interface Combination {
  /** Fields with one value, one of several values, or null. */
  filters: readonly string[]
  /** Values of the parameter `sort`; the first is the default. */
  sorts: readonly string[]
}

export interface List {
  /** Sort keys without the id, by value of the parameter `sort`. */
  orders: Readonly<Record<string, readonly SortKey[]>>
  /** Query parameters that filter, by name. */
  parameters: Readonly<Record<string, Filter>>
  combinations: readonly Combination[]
}

/** A list and its table, as a page reader declares them. */
export interface StoredList {
  list: List
  table: string
  columnOf(field: string): string
  /** Columns that all queries of the list compare with a value, such as the id of a parent. */
  scope: readonly string[]
}

/** Lower bounds, then upper bounds. */
export const BOUNDS = ['gt', 'gte', 'lt', 'lte'] as const
export type Bound = (typeof BOUNDS)[number]

/** `eq` also stands for one of several values, and `null` has the values true and false. */
export type Operator = 'eq' | 'null' | Bound

/** Values between bounds. A range without bounds contains all values except null. */
export interface ValueRange {
  field: string
  bounds: Partial<Record<Bound, Value>>
}

/** Conditions that all items of a page meet. */
export interface Filters {
  /** Allowed values of each field; null only as the single value. */
  equal: Readonly<Record<string, readonly Value[]>>
  /** Range of the first sort key. */
  range?: ValueRange | undefined
}

/** Keyset position: values of the sort keys, and the id. */
export type Position = readonly [...Value[], id: number]

/** Maximum number of items that are counted one by one. */
export const MAX_COUNT = 10_000

/** How the items of a list are counted: one by one, or one by one and then by an estimate of the database. */
export type Count = 'exact' | 'estimated'

/** Number of all items that meet the filters. */
export interface Total {
  value: number
  /** How the items were counted; undefined if there are more items than the value says. */
  count?: Count
}

/** Request for a page of a list. */
export interface PageRequest {
  /** Maximum number of items. */
  limit: number
  /** One of the orders of the list, or `id` or `-id`. Items with equal keys are sorted by id. */
  sort: string
  filters?: Filters | undefined
  /** Position before or after the page; undefined for the first page. */
  from?: { position: Position; isBackwards: boolean } | undefined
  /** Requests the number of all items. */
  count?: Count | undefined
}

export interface Page<Item> {
  items: Item[]
  /** Position of the first item, if there may be items before it. */
  previous?: Position | undefined
  /** Position of the last item, if there may be items after it. */
  next?: Position | undefined
  /** Number of all items, if requested. */
  total?: Total
}

/**
 * Returns the sort keys of an order, without the id; empty for the order of the ids.
 *
 * @throws {TypeError} for an order that the list does not declare
 */
export function keysOf({ orders }: List, sort: string): readonly SortKey[] {
  const keys = orders[sort]
  if (!keys) throw new TypeError(`the list does not declare the order ${sort}`)
  return keys
}

/** Returns the last sort key of an order, the id. It has the direction of the key before it. */
export function idKeyOf(list: List, sort: string): SortKey {
  const isDescending = keysOf(list, sort).at(-1)?.isDescending ?? sort === '-id'
  return { field: 'id', type: 'integer', isNullable: false, isDescending }
}

/** Returns the sort keys of an order, and the id. */
export function keysWithId(list: List, sort: string): SortKey[] {
  return [...keysOf(list, sort), idKeyOf(list, sort)]
}

/** Compares values as both engines do: text by code point, false before true. */
export function compareValues(a: Value, b: Value): number {
  if (typeof a === 'string' && typeof b === 'string') {
    return Buffer.compare(Buffer.from(a), Buffer.from(b))
  }
  return Number(a) - Number(b)
}

/** Returns true if the filters of a combination are exactly these. */
export function hasFilters({ filters }: Combination, names: readonly string[]): boolean {
  return filters.length === names.length && filters.every((filter) => names.includes(filter))
}

/**
 * Splits a page into ranges of rows that are neighbours in an index. The database then reads only rows of the page,
 * even if many rows have equal keys, or keys that are null.
 */
import { type RawBuilder, sql } from 'kysely'
import type { Dialect } from './engines/dialect.ts'
import { BOUNDS, type Bound, keysOf, type List, type PageRequest } from './list.ts'

/** A list, and how its rows are stored. */
export interface Source {
  list: List
  dialect: Dialect
  /** Returns the column of a member. */
  columnOf(field: string): string
}

/** Values that differ between requests of the same shape. */
interface Values {
  request: PageRequest
  scope: readonly unknown[]
}

/** Stands for a value in a query that is compiled once for all requests of the same shape. */
export class Parameter {
  readonly read: (values: Values) => unknown
  constructor(read: (values: Values) => unknown) {
    this.read = read
  }
}

type Condition = RawBuilder<boolean>

export interface SortTerm {
  by: RawBuilder<unknown>
  isDescending: boolean
}

/** Rows that meet all conditions, in the order of an index. */
export interface Range {
  conditions: readonly Condition[]
  order: readonly SortTerm[]
}

/** A sort key of a page. If the page is read backwards, its direction is reversed. */
interface Key {
  column: RawBuilder<unknown>
  /** Precedes the column in indexes and orders, if the engine by itself would sort null first in ascending order. */
  nullRank: RawBuilder<unknown> | undefined
  isDescending: boolean
  isNullable: boolean
  /** Value of the key in the position. */
  value: Parameter
  /** True if this value is null. */
  isNull: boolean
}

/**
 * Returns the ranges of a page: one sequence for each choice of values that the filters allow. The ranges of a sequence
 * follow each other in the order of the page.
 */
export function rangesOf(source: Source, request: PageRequest): Range[][] {
  const { filters, from } = request
  const keys = keysOfPage(source, request)
  const ranges = from ? rangesBeyond(source, request, keys) : [wholeRange(source, request, keys)]
  const isDescending = keys[0]?.isDescending ?? false
  const choices = Object.entries(filters?.equal ?? {}).map(([field, values]) => {
    const column = sql.ref(source.columnOf(field))
    return values.map((value, index): Range => {
      // PostgreSQL sorts by the column although it is null in all rows, so the order must include the column.
      if (value === null) return rangeOf([sql`${column} is null`], [{ by: column, isDescending }])
      const parameter = new Parameter(({ request }) => request.filters?.equal[field]?.[index])
      return rangeOf([sql`${column} = ${parameter}`], [])
    })
  })
  return product(choices).map((chosen) => ranges.map((range) => joinRanges([...chosen, range])))
}

/** Identifies requests for which the queries are the same except for the values of the parameters. */
export function shapeOf({ sort, filters, from }: PageRequest): string {
  let shape = sort
  if (from) {
    shape += from.isBackwards ? '<' : '>'
    for (const value of from.position) shape += value === null ? 0 : 1
  }
  if (!filters) return shape
  for (const [field, values] of Object.entries(filters.equal)) {
    shape += ` ${field}=${values[0] === null ? 'null' : values.length}`
  }
  const { range } = filters
  return range ? `${shape} ${range.field} ${Object.keys(range.bounds).sort()}` : shape
}

/** Returns the sort keys that are not the same in all rows, and the id. */
function keysOfPage({ list, dialect, columnOf }: Source, { sort, filters, from }: PageRequest) {
  const isBackwards = from?.isBackwards ?? false
  const sortKeys = keysOf(list, sort)
  const last = sortKeys.at(-1)?.isDescending ?? sort === '-id'
  return [...sortKeys, { field: 'id', isDescending: last }].flatMap((key, index): Key[] => {
    const { field, isDescending } = key
    if (field !== 'id' && filters?.equal[field]) return []
    const isNullable = list.fields[field]?.isNullable ?? false
    return [
      {
        column: sql.ref(columnOf(field)),
        nullRank: isNullable ? dialect.nullRank(columnOf(field)) : undefined,
        isDescending: isDescending !== isBackwards,
        isNullable,
        value: new Parameter(({ request }) => request.from?.position[index]),
        isNull: from?.position[index] === null,
      },
    ]
  })
}

/** Returns the range of the first page. */
function wholeRange(source: Source, request: PageRequest, keys: Key[]): Range {
  const bounds = boundsOf(source, request, BOUNDS)
  const [first, ...others] = keys
  if (!bounds || !first) return rangeOf([], keys.flatMap(orderBy))
  const order = [...orderByValue(first), ...others.flatMap(orderBy)]
  return rangeOf([...isNull(first, false), ...bounds], order)
}

/**
 * Returns the ranges beyond the position: rows that differ from it only in the last keys, then rows that differ from it
 * in the keys before, and so on.
 */
function rangesBeyond(source: Source, request: PageRequest, keys: Key[]): Range[] {
  // The position replaces the bound at its side.
  const far = keys[0]?.isDescending ? BOUNDS.slice(0, 2) : BOUNDS.slice(2)
  const bounds = boundsOf(source, request, far)
  const groups = groupKeys(keys, source.dialect)
  return groups.toReversed().flatMap((group, fromEnd) => {
    const index = groups.length - 1 - fromEnd
    const before = groups.slice(0, index).flat().map(sameAsPosition)
    const after = groups.slice(index + 1).flat()
    const rest = rangeOf([], after.flatMap(orderBy))
    return groupBeyond(group, index === 0 ? bounds : undefined).map((range) =>
      joinRanges([...before, range, rest]),
    )
  })
}

/**
 * Groups keys that one comparison of rows can compare: keys of one direction, of which only the first is nullable, and
 * whose values are not null.
 */
function groupKeys(keys: Key[], { readsRanges }: Dialect): [Key, ...Key[]][] {
  const groups: [Key, ...Key[]][] = []
  for (const key of keys) {
    const group = groups.at(-1)
    const [first] = group ?? []
    const isApart = readsRanges || key.isNullable || first?.isNull
    if (!group || isApart || first?.isDescending !== key.isDescending) groups.push([key])
    else group.push(key)
  }
  return groups
}

/** Returns the ranges of keys beyond their values in the position. Null comes after all other values. */
function groupBeyond([key, ...others]: [Key, ...Key[]], bounds: Condition[] | undefined): Range[] {
  const order = orderByValue(key)
  if (key.isNull) return key.isDescending ? [rangeOf(isNull(key, false), order)] : []
  const columns = sql.join([key, ...others].map(({ column }) => column))
  const values = sql.join([key, ...others].map(({ value }) => value))
  const sign = sql.raw(key.isDescending ? '<' : '>')
  const beyond = sql<boolean>`(${columns}) ${sign} (${values})`
  const otherOrder = others.flatMap(orderBy)
  const range = rangeOf(
    [...isNull(key, false), beyond, ...(bounds ?? [])],
    [...order, ...otherOrder],
  )
  const isBeforeNull = key.isNullable && !key.isDescending && !bounds
  return isBeforeNull ? [range, rangeOf(isNull(key, true), [...order, ...otherOrder])] : [range]
}

function sameAsPosition(key: Key): Range {
  if (key.isNull) return rangeOf(isNull(key, true), orderByValue(key))
  const notNull = key.nullRank ? isNull(key, false) : []
  return rangeOf([...notNull, sql`${key.column} = ${key.value}`], [])
}

function isNull({ column, nullRank, isNullable }: Key, isNull: boolean): Condition[] {
  if (!isNullable) return []
  const condition = sql<boolean>`${column} is ${sql.raw(isNull ? '' : 'not ')}null`
  if (!nullRank) return [condition]
  return isNull ? [sql`${nullRank} = 1`, condition] : [sql`${nullRank} = 0`]
}

/** Conditions of the range in the filters; undefined without a range. */
function boundsOf(
  { columnOf }: Source,
  { filters }: PageRequest,
  allowed: readonly Bound[],
): Condition[] | undefined {
  const { range } = filters ?? {}
  if (!range) return undefined
  const column = sql.ref(columnOf(range.field))
  return allowed
    .filter((bound) => range.bounds[bound] !== undefined)
    .map((bound) => {
      const value = new Parameter(({ request }) => request.filters?.range?.bounds[bound])
      return sql`${column} ${sql.raw(SIGNS[bound])} ${value}`
    })
}

const SIGNS: Record<Bound, string> = { gt: '>', gte: '>=', lt: '<', lte: '<=' }

function orderBy({ nullRank, column, isDescending }: Key): SortTerm[] {
  return [...(nullRank ? [nullRank] : []), column].map((by) => ({ by, isDescending }))
}

/** Order of rows of which either all or none have null in this key. */
function orderByValue({ column, isDescending }: Key): SortTerm[] {
  return [{ by: column, isDescending }]
}

function rangeOf(conditions: Condition[], order: SortTerm[]): Range {
  return { conditions, order }
}

function joinRanges(ranges: Range[]): Range {
  return {
    conditions: ranges.flatMap(({ conditions }) => conditions),
    order: ranges.flatMap(({ order }) => order),
  }
}

function product<Item>(lists: Item[][]): Item[][] {
  return lists.reduce<Item[][]>(
    (chosen, list) => chosen.flatMap((items) => list.map((item) => [...items, item])),
    [[]],
  )
}

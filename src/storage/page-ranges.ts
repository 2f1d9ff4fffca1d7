/**
 * Splits a page into ranges of rows that are neighbours in an index. The database then reads only rows of the page,
 * even if many rows have equal keys, or keys that are null.
 */
import { sql } from 'kysely'
import type { Dialect } from './engines/dialect.ts'
import { BOUNDS, type Bound, type PageRequest } from './list.ts'
import {
  type Condition,
  isNull,
  joinRanges,
  type Key,
  keysOfPage,
  orderBy,
  orderByValue,
  Parameter,
  type Range,
  rangeOf,
  type Source,
} from './page-keys.ts'

/**
 * Returns the ranges of a page: one sequence for each choice of values that the filters allow. The ranges of a sequence
 * follow each other in the order of the page.
 */
export function rangesOf(source: Source, request: PageRequest): Range[][] {
  const { filters, from } = request
  const keys = keysOfPage(source, request)
  const ranges = from ? rangesBeyond(source, request, keys) : [wholeRange(source, request, keys)]
  const [{ isDescending }] = keys
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

/** Returns the range of the first page. */
function wholeRange(source: Source, request: PageRequest, keys: [...Key[], Key]): Range {
  const bounds = boundsOf(source, request, BOUNDS)
  const [first, ...others] = keys
  if (!bounds) return rangeOf([], keys.flatMap(orderBy))
  const order = [...orderByValue(first), ...others.flatMap(orderBy)]
  return rangeOf([...isNull(first, false), ...bounds], order)
}

/**
 * Returns the ranges beyond the position: rows that differ from it only in the last keys, then rows that differ from it
 * in the keys before, and so on.
 */
function rangesBeyond(source: Source, request: PageRequest, keys: [...Key[], Key]): Range[] {
  // The position replaces the bound at its side.
  const far = keys[0].isDescending ? BOUNDS.slice(0, 2) : BOUNDS.slice(2)
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

function product<Item>(lists: Item[][]): Item[][] {
  return lists.reduce<Item[][]>(
    (chosen, list) => chosen.flatMap((items) => list.map((item) => [...items, item])),
    [[]],
  )
}

/** Sort keys of a page, and the conditions and orders that ranges of rows consist of. */
import { type CompiledQuery, type RawBuilder, sql } from 'kysely'
import type { Dialect } from './engines/dialect.ts'
import { idKeyOf, keysOf, type List, type PageRequest, type SortKey } from './list.ts'

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

/** Replaces the parameters of a compiled query by the values of a request. */
export function bindParameters<Row>(query: CompiledQuery<Row>, values: Values): CompiledQuery<Row> {
  const parameters = query.parameters.map((parameter) =>
    parameter instanceof Parameter ? toColumn(parameter.read(values)) : parameter,
  )
  return { ...query, parameters }
}

function toColumn(value: unknown): unknown {
  return typeof value === 'boolean' ? Number(value) : value
}

export type Condition = RawBuilder<boolean>

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
export interface Key {
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

/** Returns the sort keys that are not the same in all rows, and the id. */
export function keysOfPage(
  { list, dialect, columnOf }: Source,
  { sort, filters, from }: PageRequest,
): [...Key[], Key] {
  const isBackwards = from?.isBackwards ?? false
  const keyOf = ({ field, isDescending, isNullable }: SortKey, index: number): Key => ({
    column: sql.ref(columnOf(field)),
    nullRank: isNullable ? dialect.nullRank(columnOf(field)) : undefined,
    isDescending: isDescending !== isBackwards,
    isNullable,
    value: new Parameter(({ request }) => request.from?.position[index]),
    isNull: from?.position[index] === null,
  })
  const keys = keysOf(list, sort).flatMap((key, index) =>
    filters?.equal[key.field] ? [] : [keyOf(key, index)],
  )
  return [...keys, keyOf(idKeyOf(list, sort), keysOf(list, sort).length)]
}

/** Conditions for a key that is null, or not null. */
export function isNull({ column, nullRank, isNullable }: Key, isNull: boolean): Condition[] {
  if (!isNullable) return []
  const condition = sql<boolean>`${column} is ${sql.raw(isNull ? '' : 'not ')}null`
  if (!nullRank) return [condition]
  return isNull ? [sql`${nullRank} = 1`, condition] : [sql`${nullRank} = 0`]
}

export function orderBy({ nullRank, column, isDescending }: Key): SortTerm[] {
  return [...(nullRank ? [nullRank] : []), column].map((by) => ({ by, isDescending }))
}

/** Order of rows of which either all or none have null in this key. */
export function orderByValue({ column, isDescending }: Key): SortTerm[] {
  return [{ by: column, isDescending }]
}

export function rangeOf(conditions: Condition[], order: SortTerm[]): Range {
  return { conditions, order }
}

export function joinRanges(ranges: Range[]): Range {
  return {
    conditions: ranges.flatMap(({ conditions }) => conditions),
    order: ranges.flatMap(({ order }) => order),
  }
}

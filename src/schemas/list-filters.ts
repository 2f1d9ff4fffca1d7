import { type TObject, type TSchema, Type } from 'typebox'
import {
  BOUNDS,
  type Bound,
  type Filter,
  hasFilters,
  keysOf,
  type List,
  type Operator,
} from '../storage/list.ts'
import { memberOf, valueSchemaOf } from './list-fields.ts'

/**
 * Filters of a member: `eq` for one value, `in` for one of several values, `range` for values between bounds, `null`
 * for values that are null or not null.
 */
export type FilterKind = 'eq' | 'in' | 'range' | 'null'

/** Maximum number of values of a filter with several values. */
const MAX_VALUES = 10

const BOUND_WORDS: Record<Bound, string> = {
  gt: 'greater than',
  gte: 'greater than or equal to',
  lt: 'less than',
  lte: 'less than or equal to',
}

/** A query parameter that filters a list. */
interface FilterParameter {
  parameter: string
  filter: Filter
  schema: TSchema
}

/**
 * Returns the query parameters of a filter, with the schema of the member.
 *
 * @param item schema of an item of the list
 * @param field name of the member
 */
export function describeFilter(item: TObject, field: string, kind: FilterKind): FilterParameter[] {
  const member = memberOf(item, field)
  const value = valueSchemaOf(member.schema, member.field.type)
  const parameter = (operator: Operator, schema: TSchema, description: string) => ({
    parameter: operator === 'eq' ? field : `${field}[${operator}]`,
    filter: { field, operator, ...member.field },
    schema: Type.Optional({ ...schema, description }),
  })
  switch (kind) {
    case 'eq':
      return [parameter('eq', value, `Only items with this ${field}`)]
    case 'in': {
      const values = Type.Array(value, { minItems: 1, maxItems: MAX_VALUES })
      return [
        parameter('eq', values, `Only items with this ${field}, or one of these if it is repeated`),
      ]
    }
    case 'null':
      return [
        parameter('null', Type.Boolean(), `Only items without ${field} (true), or with it (false)`),
      ]
    case 'range':
      return BOUNDS.map((bound) =>
        parameter(bound, value, `Only items with a ${field} ${BOUND_WORDS[bound]} this value`),
      )
  }
}

/** Operators that compare with one value, so that the rows are neighbours in an index. */
const VALUE_OPERATORS: readonly Operator[] = ['eq', 'null']

/** @throws {TypeError} for a filter that no query could use, and for filters that are combined twice */
export function checkUsable(list: List): void {
  for (const { filters } of list.combinations) {
    if (list.combinations.filter((other) => hasFilters(other, filters)).length > 1) {
      throw new TypeError(`a list combines the filters [${filters}] twice`)
    }
  }
  for (const [parameter, { field, operator }] of Object.entries(list.parameters)) {
    const isCombined = list.combinations.some(({ filters }) => filters.includes(field))
    const isSorted = list.combinations
      .flatMap(({ sorts }) => sorts.map((sort) => keysOf(list, sort)[0]?.field))
      .includes(field)
    if (VALUE_OPERATORS.includes(operator) && !isCombined) {
      throw new TypeError(`the filter ${parameter} of a list needs a combination`)
    }
    if (operator !== 'eq' && !isSorted) {
      throw new TypeError(
        `the filter ${parameter} of a list needs an order that begins with ${field}`,
      )
    }
  }
}

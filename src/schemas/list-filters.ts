import { type TSchema, Type } from 'typebox'
import type { Operator } from '../storage/list.ts'
import { valueSchemaOf } from './list-fields.ts'

/**
 * Filters of a member: `eq` for one value, `in` for one of several values, `range` for values between bounds, `null`
 * for values that are null or not null.
 */
export type FilterKind = 'eq' | 'in' | 'range' | 'null'

/** Maximum number of values of a filter with several values. */
const MAX_VALUES = 10

const BOUNDS: Record<'gt' | 'gte' | 'lt' | 'lte', string> = {
  gt: 'greater than',
  gte: 'greater than or equal to',
  lt: 'less than',
  lte: 'less than or equal to',
}

/** A query parameter that filters a list. */
interface FilterParameter {
  parameter: string
  field: string
  operator: Operator
  schema: TSchema
}

/**
 * Returns the query parameters of a filter, with the schema of the member.
 *
 * @param field name of the member
 */
export function describeFilter(
  field: string,
  kind: FilterKind,
  member: TSchema,
): FilterParameter[] {
  const value = valueSchemaOf(member)
  const parameter = (operator: Operator, schema: TSchema, description: string) => ({
    parameter: operator === 'eq' ? field : `${field}[${operator}]`,
    field,
    operator,
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
      return Object.entries(BOUNDS).map(([bound, words]) =>
        parameter(
          bound as keyof typeof BOUNDS,
          value,
          `Only items with a ${field} ${words} this value`,
        ),
      )
  }
}

/** Filters of a list's query: their values, and the check that the database has an index for them. */
import {
  BOUNDS,
  type Bound,
  type Combination,
  compareValues,
  type Filter,
  type Filters,
  hasFilters,
  keysOf,
  type List,
  type Operator,
  type Value,
  type ValueRange,
} from '../storage/list.ts'
import { parameterError } from './parameter-error.ts'

/** A filter in a query. */
interface Given extends Filter {
  parameter: string
  values: readonly Value[]
}

/**
 * Reads the filters of a query, and the order: the one that the query names, or the first one that fits the filters.
 *
 * @param parameters validated query parameters; others than filters are ignored
 * @throws {HttpError} 400 for filters that cannot be combined with each other, or with the order
 */
export function readFilters(
  list: List,
  parameters: Record<string, unknown>,
  sort: string | undefined,
): { filters?: Filters; sort: string } {
  const given = Object.entries(parameters).flatMap(([parameter, value]): Given[] => {
    const declared = list.parameters[parameter]
    if (!declared || value === undefined) return []
    const values = [...new Set([value].flat() as Value[])] // the schema allows nothing else
    return [{ parameter, ...declared, values: valuesOf({ parameter, ...declared, values }) }]
  })
  const ranges = given.filter(isRange)
  const equal = given.filter((each) => !isRange(each))
  checkFields(equal, ranges)
  const order = chooseSort(list, equal, ranges[0], sort)
  if (given.length === 0) return { sort: order }
  const values = equal.map(({ field, operator, values }) => [
    field,
    operator === 'null' ? [null] : values,
  ])
  return { sort: order, filters: { equal: Object.fromEntries(values), range: rangeOf(ranges) } }
}

/** Returns true if the values of a range contain the value. */
export function isInRange({ bounds }: ValueRange, value: Value): boolean {
  const compare = (bound: Bound) => {
    const limit = bounds[bound]
    return limit === undefined ? undefined : compareValues(value, limit)
  }
  const [gt = 1, gte = 1, lt = -1, lte = -1] = BOUNDS.map(compare)
  return value !== null && gt > 0 && gte >= 0 && lt < 0 && lte <= 0
}

function isRange({ operator, values }: Given): boolean {
  return operator === 'null' ? values[0] === false : operator !== 'eq'
}

function rangeOf(ranges: Given[]): ValueRange | undefined {
  const [first] = ranges
  if (!first) return undefined
  const bounds = ranges
    .filter(({ operator }) => operator !== 'null')
    .map(({ operator, values }) => [operator, values[0]])
  return { field: first.field, bounds: Object.fromEntries(bounds) }
}

/** Bounds that a range cannot have together. */
const SAME_SIDE: readonly Operator[][] = [
  ['gt', 'gte'],
  ['lt', 'lte'],
]

/** @throws {HttpError} 400 for two ranges, for two bounds at the same side, and for two filters of one field */
function checkFields(equal: Given[], ranges: Given[]): void {
  const seen: Given[] = []
  for (const given of [...ranges, ...equal]) {
    const isBound = ranges.includes(given)
    const conflict = seen.find((other) => {
      if (!isBound) return other.field === given.field
      const operators = [other.operator, given.operator]
      return (
        other.field !== given.field ||
        SAME_SIDE.some((side) => side.every((each) => operators.includes(each)))
      )
    })
    if (conflict) throw combinationError(given.parameter, conflict)
    seen.push(given)
  }
}

function combinationError(parameter: string, other: Given) {
  return parameterError(parameter, `cannot be combined with /${other.parameter}`)
}

/** @throws {HttpError} 400 if no index fits the filters and the order */
function chooseSort(
  list: List,
  equal: Given[],
  range: Given | undefined,
  sort: string | undefined,
): string {
  const names = equal.map(({ field }) => field)
  const combination = list.combinations.find((each) => hasFilters(each, names))
  const sorts = combination && sortsOf(list, combination, range)
  const chosen = sort ?? sorts?.[0]
  if (chosen !== undefined && sorts?.includes(chosen)) return chosen
  throw sortError(list, equal, range, sorts)
}

/** Returns the orders that have an index for the filters of a combination, and for a range. */
function sortsOf(list: List, { sorts }: Combination, range: Given | undefined): readonly string[] {
  return range ? sorts.filter((sort) => keysOf(list, sort)[0]?.field === range.field) : sorts
}

function sortError(
  list: List,
  equal: Given[],
  range: Given | undefined,
  sorts: readonly string[] | undefined,
) {
  const last = equal.at(-1)
  if (!sorts && last) {
    return parameterError(last.parameter, `must be part of a combination: ${combinationsOf(list)}`)
  }
  if (range && !sorts?.length) {
    const message = last ? `cannot be combined with ${pointersOf(equal)}` : 'requires other filters'
    return parameterError(range.parameter, message)
  }
  const given = pointersOf(range ? [...equal, range] : equal)
  return parameterError('sort', `must be ${sorts?.join(' or ')} if combined with ${given}`)
}

function pointersOf(given: Given[]): string {
  return given.map(({ parameter }) => `/${parameter}`).join(' and ')
}

/** Lists the combinations of filters, such as `author; author and status`. */
function combinationsOf({ combinations }: List): string {
  const declared = combinations.filter(({ filters }) => filters.length > 0)
  return declared.map(({ filters }) => filters.join(' and ')).join('; ')
}

/** Returns the values as the rows store them. */
function valuesOf({ parameter, type, operator, values }: Given): readonly Value[] {
  if (type !== 'time' || operator === 'null') return values
  return values.map((value) => {
    const time = storedTime(String(value), operator)
    if (time === undefined) throw parameterError(parameter, 'must be a time of the years 0 to 9999')
    return time
  })
}

/** Matches a time with more than three decimals. */
const FINER = /\.\d{3}\d*[1-9]/

/**
 * Converts a time to UTC, to the millisecond, as rows store it. A finer time is equal to none of them; as a bound, it
 * is replaced by the time before or after it that has the same effect.
 */
function storedTime(text: string, operator: Operator): string | undefined {
  const isFiner = FINER.test(text)
  if (isFiner && operator === 'eq') return text
  const isRoundedUp = isFiner && (operator === 'gte' || operator === 'lt')
  const date = new Date(Date.parse(text) + (isRoundedUp ? 1 : 0))
  const time = Number.isNaN(date.getTime()) ? '' : date.toISOString()
  return /^\d{4}-/.test(time) ? time : undefined
}

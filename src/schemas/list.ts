import { type TObject, type TProperties, type TSchema, Type } from 'typebox'
import { PAGE_SIZE } from '../http/pagination.ts'
import type { Combination, List, SortKey } from '../storage/list.ts'
import { memberOf } from './list-fields.ts'
import { checkUsable, describeFilter, type FilterKind } from './list-filters.ts'

/** Maximum length of a cursor, in characters. Enough for the longest sort values, as JSON in base64. */
const CURSOR_LIMIT = 2_000

const cursor = (description: string) =>
  Type.Optional(Type.String({ format: 'cursor', maxLength: CURSOR_LIMIT, description }))

/**
 * Returns the schema of a page.
 *
 * @param title name of the list, in the plural
 */
export function pageOf(title: string, item: TSchema) {
  const description = `The ${title.toLowerCase()}, in the requested order`
  const { examples }: { examples?: unknown[] } = item
  return Type.Object(
    { items: Type.Array(item, { maxItems: PAGE_SIZE.maximum, description }) },
    { title, ...(examples && { examples: [{ items: examples.slice(0, 1) }] }) },
  )
}

/** Filters that clients can combine, and the orders of the result. */
interface Declared<Name extends string = string> {
  filters: readonly Name[]
  sorts?: readonly string[]
}

interface ListOptions<Name extends string, Extra extends TProperties> {
  /**
   * Orders besides `id`: members separated by commas, with a leading `-` for descending order. Clients can also
   * request the reverse of each order. The id decides among items with equal members.
   */
  sorts?: readonly string[]
  filters?: { [Member in Name]?: FilterKind | readonly FilterKind[] }
  /**
   * Filters with `eq`, `in` or `null` that clients can combine, with the orders that have an index; default: each
   * filter alone, with all orders. The first order is the default. A range needs no combination of its own: it needs an
   * order that begins with its member.
   */
  combinations?: readonly Declared<Name>[]
  /** Additional query parameters, which the route itself reads. */
  parameters?: Extra
}

/** Query parameters that every list has, besides its filters. */
const PARAMETERS = {
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: PAGE_SIZE.maximum,
      description: `Maximum number of items per page; default: ${PAGE_SIZE.default}`,
    }),
  ),
  sort: Type.Optional(Type.String()),
  after: cursor('Cursor of the next page, from the Link header field'),
  before: cursor('Cursor of the previous page, from the Link header field'),
}

type DefinedList<Extra extends TProperties> = List & { query: TObject<typeof PARAMETERS & Extra> }

/**
 * Declares a list: its orders, its filters, and the filters that can be combined. Each combination needs an index of
 * the filters' columns, the sort keys and the id. If an index is missing, the service does not start.
 *
 * @param item schema of an item; the parameter of a filter has the schema of the member
 * @throws {TypeError} for a member that is neither text, a number nor a boolean, for an order of a combination that is
 * not in `sorts`, for a filter that no query could use, and for filters that are combined twice
 */
// biome-ignore lint/complexity/noBannedTypes: an empty object type adds no parameters
export function defineList<Properties extends TProperties, Extra extends TProperties = {}>(
  item: TObject<Properties>,
  options: ListOptions<keyof Properties & string, Extra> = {},
): DefinedList<Extra> {
  const { sorts = [], filters = {}, parameters } = options
  const orders = withReverse(['id', ...sorts])
  const declared: [string, FilterKind[]][] = Object.entries(filters).map(([name, kinds]) => [
    name,
    [kinds as FilterKind | FilterKind[]].flat(),
  ])
  const described = declared.flatMap(([name, kinds]) =>
    kinds.flatMap((kind) => describeFilter(item, name, kind)),
  )
  const { limit, after, before } = PARAMETERS
  const description =
    'Sort fields, with a leading - for descending order; default: the first that fits the filters'
  const query = {
    limit,
    sort: Type.Optional(Type.Enum(orders, { description })),
    after,
    before,
    ...Object.fromEntries(described.map(({ parameter, schema }) => [parameter, schema])),
    ...parameters,
  }
  const list: List = {
    orders: Object.fromEntries(orders.map((sort) => [sort, sortKeysOf(item, sort)])),
    parameters: Object.fromEntries(described.map(({ parameter, filter }) => [parameter, filter])),
    combinations: combinationsOf(declared, sorts, options.combinations),
  }
  checkUsable(list)
  return {
    ...list,
    // The cast holds since the type lacks only the filters, which are optional.
    query: Type.Object(query, {
      additionalProperties: false,
      'x-combinations': combinedParameters(list),
    }) as unknown as TObject<typeof PARAMETERS & Extra>,
  }
}

/** Filters that take a value, so that the rows between which they choose are neighbours in an index. */
const VALUE_KINDS: FilterKind[] = ['eq', 'in', 'null']

function combinationsOf(
  filters: [string, FilterKind[]][],
  sorts: readonly string[],
  combinations: readonly Declared[] | undefined,
): Combination[] {
  const single = filters.filter(([, kinds]) => kinds.some((kind) => VALUE_KINDS.includes(kind)))
  const declared = combinations ?? single.map(([name]): Declared => ({ filters: [name] }))
  const whole = declared.some(({ filters }) => filters.length === 0) ? [] : [{ filters: [] }]
  return [...whole, ...declared].map(({ filters, sorts: own = ['id', ...sorts] }: Declared) => ({
    filters,
    sorts: withReverse(own),
  }))
}

/** Returns the parameters of each combination of several filters, for forms. */
function combinedParameters({ combinations, parameters }: List): string[][] {
  return combinations
    .filter(({ filters }) => filters.length > 1)
    .map(({ filters }) => filters.map((name) => (parameters[name] ? name : `${name}[null]`)))
}

function withReverse(sorts: readonly string[]): string[] {
  return [...sorts, ...sorts.map(reverse).filter((sort) => !sorts.includes(sort))]
}

function reverse(sort: string): string {
  return sort
    .split(',')
    .map((key) => (key.startsWith('-') ? key.slice(1) : `-${key}`))
    .join(',')
}

/** Returns the keys of an order, without the id. */
function sortKeysOf(item: TObject, sort: string): SortKey[] {
  if (sort === 'id' || sort === '-id') return []
  return sort.split(',').map((key) => {
    const field = key.replace(/^-/, '')
    return { ...memberOf(item, field).field, field, isDescending: key.startsWith('-') }
  })
}

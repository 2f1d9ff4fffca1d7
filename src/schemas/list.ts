import { type TObject, type TProperties, type TSchema, Type } from 'typebox'
import { PAGE_SIZE } from '../http/pagination.ts'
import type { Combination, List, SortKey } from '../storage/list.ts'
import { fieldOf } from './list-fields.ts'
import { describeFilter, type FilterKind } from './list-filters.ts'

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
  return Type.Object(
    { items: Type.Array(item, { maxItems: PAGE_SIZE.maximum, description }) },
    { title },
  )
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
  combinations?: readonly { filters: readonly Name[]; sorts?: readonly string[] }[]
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
 * @throws {TypeError} for a member that is neither text, a number nor a boolean
 */
// biome-ignore lint/complexity/noBannedTypes: an empty object type adds no parameters
export function defineList<Properties extends TProperties, Extra extends TProperties = {}>(
  item: TObject<Properties>,
  options: ListOptions<keyof Properties & string, Extra> = {},
): DefinedList<Extra> {
  const sorts = withReverse(['id', ...(options.sorts ?? [])])
  const orders = Object.fromEntries(sorts.map((sort) => [sort, sortKeysOf(sort)]))
  const declared: [string, FilterKind[]][] = Object.entries(options.filters ?? {}).map(
    ([name, kinds]) => [name, [kinds as FilterKind | FilterKind[]].flat()],
  )
  const sorted = Object.values(orders).flatMap((keys) => keys.map(({ field }) => field))
  const fields = [...declared.map(([name]) => name), ...sorted].map(
    (name) => [name, fieldOf(item, name)] as const,
  )
  const filters = declared.flatMap(([name, kinds]) =>
    kinds.flatMap((kind) => describeFilter(name, kind, item.properties[name] ?? {})),
  )
  const { limit, after, before } = PARAMETERS
  const description =
    'Sort fields, with a leading - for descending order; default: the first that fits the filters'
  const query = {
    limit,
    sort: Type.Optional(Type.Enum(sorts, { description })),
    after,
    before,
    ...Object.fromEntries(filters.map(({ parameter, schema }) => [parameter, schema])),
    ...options.parameters,
  }
  return {
    fields: Object.fromEntries(fields),
    orders,
    parameters: Object.fromEntries(
      filters.map(({ parameter, field, operator }) => [parameter, { field, operator }]),
    ),
    combinations: combinationsOf(declared, options),
    // The cast holds since the type lacks only the filters, which are optional.
    query: Type.Object(query, { additionalProperties: false }) as unknown as TObject<
      typeof PARAMETERS & Extra
    >,
  }
}

/** Filters that take a value, so that the rows between which they choose are neighbours in an index. */
const VALUE_KINDS: FilterKind[] = ['eq', 'in', 'null']

function combinationsOf(
  filters: [string, FilterKind[]][],
  { sorts = [], combinations }: ListOptions<string, TProperties>,
): Combination[] {
  const all = ['id', ...sorts]
  const single = filters.filter(([, kinds]) => kinds.some((kind) => VALUE_KINDS.includes(kind)))
  const declared = combinations ?? single.map(([name]) => ({ filters: [name] }))
  const whole = declared.some(({ filters }) => filters.length === 0) ? [] : [{ filters: [] }]
  return [...whole, ...declared].map(({ filters, ...rest }) => ({
    filters,
    sorts: withReverse(('sorts' in rest && rest.sorts) || all),
  }))
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
function sortKeysOf(sort: string): SortKey[] {
  if (sort === 'id' || sort === '-id') return []
  return sort.split(',').map((key) => ({
    field: key.replace(/^-/, ''),
    isDescending: key.startsWith('-'),
  }))
}

import { type TSchema, Type } from 'typebox'
import { PAGE_SIZE } from '../http/pagination.ts'

/** Maximum length of a cursor, in characters. Enough for the longest sort value, as JSON in base64. */
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

/**
 * Returns the schema of a list's query parameters.
 *
 * @param fields fields to sort by besides `id`, the default
 * @param filters additional parameters, each optional
 */
export function listQuery<
  const Field extends string,
  const Filters extends Record<string, TSchema>,
>(fields: readonly Field[], filters: Filters) {
  const ascending = ['id', ...fields] as const
  return Type.Object(
    {
      limit: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: PAGE_SIZE.maximum,
          description: `Maximum number of items per page; default: ${PAGE_SIZE.default}`,
        }),
      ),
      sort: Type.Optional(
        Type.Enum([...ascending, ...ascending.map((field) => `-${field}` as const)], {
          description: 'Sort field, with a leading - for descending order; default: id',
        }),
      ),
      after: cursor('Cursor of the next page, from the Link header field'),
      before: cursor('Cursor of the previous page, from the Link header field'),
      ...filters,
    },
    { additionalProperties: false },
  )
}

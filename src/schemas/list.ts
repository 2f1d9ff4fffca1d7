import { type TSchema, Type } from 'typebox'

/** How many items a page has at most. */
const LARGEST_PAGE = 100

/** A cursor holds a title at most, in JSON and then in base64. */
const CURSOR_LENGTH = 2_000

const cursor = (description: string) =>
  Type.Optional(Type.String({ format: 'cursor', maxLength: CURSOR_LENGTH, description }))

/** A page of a list: its items, under the plural that they are called by. */
export function pageOf(title: string, item: TSchema) {
  const description = `The ${title.toLowerCase()}, in the order that was asked for`
  return Type.Object(
    { items: Type.Array(item, { maxItems: LARGEST_PAGE, description }) },
    { title },
  )
}

/**
 * The query parameters of a list.
 *
 * @param fields what it can be sorted by besides `id`, its order where none is named.
 * @param filters parameters of its own, each optional.
 */
export function listQuery<
  const Field extends string,
  const Filters extends Record<string, TSchema>,
>(fields: readonly Field[], filters: Filters) {
  const rising = ['id', ...fields] as const
  return Type.Object(
    {
      limit: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: LARGEST_PAGE,
          description: 'The most items in a page; else 20',
        }),
      ),
      sort: Type.Optional(
        Type.Enum([...rising, ...rising.map((field) => `-${field}` as const)], {
          description: 'The field to sort by, with - for the falling order; else id',
        }),
      ),
      after: cursor('Where the page before this one ended: taken from a link, not made'),
      before: cursor('Where the page after this one began: taken from a link, not made'),
      ...filters,
    },
    { additionalProperties: false },
  )
}

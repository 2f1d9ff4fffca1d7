import type { Page, PageRequest } from '../storage/pagination.ts'
import { readCursor, writeCursor } from './cursor.ts'
import { HttpError } from './http-error.ts'

/** The parameters of every list (src/schemas/list.ts), and filters of its own. */
export interface PageQuery<Sort extends string = string> {
  limit?: number
  sort?: Sort
  after?: string
  before?: string
  [filter: string]: unknown
}

/** The field of an order such as `title` or `-title`. */
type FieldOf<Sort extends string> = Sort extends `-${infer Field}` ? Field : Sort

const DEFAULT_LIMIT = 20

/**
 * Reads which page of a list is asked for.
 *
 * @param url the path of the list.
 * @param query its parameters, as the schema checked them.
 * @throws {HttpError} 400 that names a cursor which does not belong to the list.
 */
export function readPageRequest<Sort extends string>(
  url: string,
  query: PageQuery<Sort>,
): PageRequest<FieldOf<Sort>> {
  const { limit = DEFAULT_LIMIT, after, before } = query
  if (after !== undefined && before !== undefined)
    throw refuseParameter('before', 'excludes /after')
  const { field, isDescending } = orderOf(query)
  const position =
    positionOf('after', after, url, query) ?? positionOf('before', before, url, query)
  const from = position && { position, isBackwards: before !== undefined }
  return { limit, field, isDescending, from }
}

/** Writes the Link field of a page: the list's first, and the pages beside this (RFC 8288 §3). */
export function writePageLinks(
  url: string,
  query: PageQuery,
  { previous, next }: Pick<Page<unknown>, 'previous' | 'next'>,
): string {
  const { after, before, ...rest } = query
  const filters = String(new URLSearchParams(rest as Record<string, string>))
  const link = (relation: string, ...cursor: string[]) => {
    const parameters = [...(filters ? [filters] : []), ...cursor].join('&')
    return `<${url}${parameters && `?${parameters}`}>; rel="${relation}"`
  }
  const list = listOf(url, query)
  return [
    link('first'),
    ...(previous ? [link('prev', `before=${writeCursor(list, previous)}`)] : []),
    ...(next ? [link('next', `after=${writeCursor(list, next)}`)] : []),
  ].join(', ')
}

function orderOf<Sort extends string>(query: PageQuery<Sort>) {
  const sort: string = query.sort ?? 'id'
  const isDescending = sort.startsWith('-')
  // as the type says, in the words of the compiler
  return { field: sort.slice(isDescending ? 1 : 0) as FieldOf<Sort>, isDescending }
}

function positionOf(name: string, cursor: string | undefined, url: string, query: PageQuery) {
  if (cursor === undefined) return undefined
  const position = readCursor(listOf(url, query), cursor)
  const length = orderOf(query).field === 'id' ? 1 : 2
  if (position?.length !== length) throw refuseParameter(name, 'must be a cursor of this list')
  return position
}

/** What makes a list: the same items in the same order, in pages of any size. */
function listOf(url: string, { limit, after, before, sort = 'id', ...filters }: PageQuery): string {
  return JSON.stringify([url, sort, Object.entries(filters).sort()])
}

/** Gives the error for parameters of a query that each fit, but not together, or not this list. */
export function refuseParameter(name: string, message: string) {
  return new HttpError('BAD_REQUEST', `querystring/${name} ${message}`, {
    violations: [{ in: 'querystring', pointer: `/${name}`, message }],
  })
}

import { hash } from 'node:crypto'
import type { Page, PageRequest, Position } from '../storage/pagination.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import { HttpError } from './http-error.ts'

/** Query parameters of a list: those that every list has (src/schemas/list.ts), and the filters of this list. */
export interface PageQuery<Sort extends string = string> {
  limit?: number
  sort?: Sort
  after?: string
  before?: string
  [filter: string]: unknown
}

/** Field name of a sort order such as `title` or `-title`. */
type FieldOf<Sort extends string> = Sort extends `-${infer Field}` ? Field : Sort

/** Number of items per page. */
export const PAGE_SIZE = { default: 20, maximum: 100 } as const

/**
 * Converts the query of a list into a page request for the storage.
 *
 * @param url path of the list
 * @param query validated query parameters
 * @throws {HttpError} 400 for a cursor of another list, or for both cursors in one query
 */
export function readPageRequest<Sort extends string>(
  url: string,
  query: PageQuery<Sort>,
): PageRequest<FieldOf<Sort>> {
  const { limit = PAGE_SIZE.default, after, before } = query
  if (after !== undefined && before !== undefined)
    throw parameterError('before', 'cannot be combined with /after')
  const { field, isDescending } = orderOf(query)
  const position =
    positionOf('after', after, url, query) ?? positionOf('before', before, url, query)
  const from = position && { position, isBackwards: before !== undefined }
  return { limit, field, isDescending, from }
}

/** Length of a page's version, in characters. 128 bits do not collide by chance. */
const VERSION_LENGTH = 32

/**
 * Describes a page: the value of Link, and the version, which differs if an item or a link differs. The version is a
 * digest of the items' revisions, which costs a quarter of a digest of the items.
 */
export function describePage(url: string, query: PageQuery, page: Page<Revised>) {
  const link = writePageLinks(url, query, page)
  let state = link
  for (const { id, revision } of page.items) state += `\n${id} ${revision}`
  return { link, version: hash('sha256', state).slice(0, VERSION_LENGTH) }
}

/** An item of a list, with text that each change of the item replaces. The text is not part of the response. */
interface Revised {
  id: number
  revision: string
}

/** Writes the value of Link for a page: links to the first, previous and next page (RFC 8288 §3). */
export function writePageLinks(
  url: string,
  query: PageQuery,
  { previous, next }: Pick<Page<unknown>, 'previous' | 'next'>,
): string {
  const parameters = isEmpty(query) ? '' : parametersOf(query)
  const list = listKey(url, query)
  const linkTo = (relation: string, cursor: string, position: Position) =>
    `, <${url}?${parameters && `${parameters}&`}${cursor}=${encodeCursor(list, position)}>; rel="${relation}"`
  let links = `<${url}${parameters && `?${parameters}`}>; rel="first"`
  if (previous) links += linkTo('prev', 'before', previous)
  if (next) links += linkTo('next', 'after', next)
  return links
}

/** Returns the parameters of a list without the position. */
function parametersOf({ after, before, ...rest }: PageQuery): string {
  return String(new URLSearchParams(rest as Record<string, string>))
}

function orderOf<Sort extends string>(query: PageQuery<Sort>) {
  const sort: string = query.sort ?? 'id'
  const isDescending = sort.startsWith('-')
  // The cast holds because FieldOf also removes `-`.
  return { field: sort.slice(isDescending ? 1 : 0) as FieldOf<Sort>, isDescending }
}

function positionOf(name: string, cursor: string | undefined, url: string, query: PageQuery) {
  if (cursor === undefined) return undefined
  const position = decodeCursor(listKey(url, query), cursor)
  const length = orderOf(query).field === 'id' ? 1 : 2
  if (position?.length !== length)
    throw parameterError(name, 'must be a cursor from a link of this list')
  return position
}

/** Identifies a list by path, order and filters; the page size may change between pages. */
function listKey(url: string, query: PageQuery): string {
  if (isEmpty(query)) return `${url} id []`
  const { limit, after, before, sort = 'id', ...filters } = query
  return `${url} ${sort} ${JSON.stringify(Object.entries(filters).sort())}`
}

function isEmpty(query: object): boolean {
  for (const _ in query) return false
  return true
}

/** Returns a 400 error for a query parameter that matches the schema, but is not valid in this request. */
export function parameterError(name: string, message: string) {
  return new HttpError('BAD_REQUEST', `querystring/${name} ${message}`, {
    violations: [{ in: 'querystring', pointer: `/${name}`, message }],
  })
}

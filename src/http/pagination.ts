import { hash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import {
  type Filters,
  keysOf,
  type List,
  type Page,
  type PageRequest,
  type Position,
  type Total,
} from '../storage/list.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import { isInRange, readFilters } from './list-filters.ts'
import { NEGOTIATED_VARY } from './media-types.ts'
import { parameterError } from './parameter-error.ts'
import { countPreference } from './prefer.ts'

/** Query parameters of a list: those that every list has (src/schemas/list.ts), and the filters of this list. */
export interface PageQuery {
  limit?: number
  sort?: string
  after?: string
  before?: string
  [filter: string]: unknown
}

/** Number of items per page. */
export const PAGE_SIZE = { default: 20, maximum: 100 } as const

/**
 * Converts the query of a list into a page request for the storage.
 *
 * @param url path of the list
 * @param query validated query parameters
 * @param headers header fields of the request; Prefer can request the number of all items
 * @throws {HttpError} 400 for a cursor of another list, for both cursors in one query, or for filters that cannot be
 * combined
 */
export function readPageRequest(
  list: List,
  url: string,
  query: PageQuery,
  { prefer }: IncomingHttpHeaders = {},
): PageRequest {
  const { limit = PAGE_SIZE.default, sort: requested, after, before, ...parameters } = query
  if (after !== undefined && before !== undefined)
    throw parameterError('before', 'cannot be combined with /after')
  const { sort, filters } = readFilters(list, parameters, requested)
  const isBackwards = before !== undefined
  const cursor = after ?? before
  const count = prefer === undefined ? undefined : countPreference(String(prefer))
  const request = { limit, sort, filters, count }
  if (cursor === undefined) return request
  const position = decodeCursor(listKey(url, query), cursor, keysOf(list, sort))
  if (!position || !isWithin(position, filters))
    throw parameterError(
      isBackwards ? 'before' : 'after',
      'must be a cursor from a link of this list',
    )
  return { ...request, from: { position, isBackwards } }
}

/** Returns false for a position outside the range, which only a forged cursor has. */
function isWithin([value]: Position, filters: Filters | undefined): boolean {
  return !filters?.range || isInRange(filters.range, value)
}

/** Length of a page's version, in characters. 128 bits do not collide by chance. */
const VERSION_LENGTH = 32

/**
 * Describes a page: the header fields of the response, and the version, which differs if an item or a link differs. The
 * version is a digest of the items' revisions, which costs a quarter of a digest of the items.
 */
export function describePage(url: string, query: PageQuery, page: Page<Revised>) {
  const link = writePageLinks(url, query, page)
  let state = link
  for (const { id, revision } of page.items) state += `\n${id} ${revision}`
  const fields = { link, vary: `${NEGOTIATED_VARY}, Prefer`, ...totalFields(page) }
  return { fields, version: hash('sha256', state).slice(0, VERSION_LENGTH) }
}

/** Returns the header fields with the number of all items. Without Preference-Applied, there are more items. */
function totalFields({ total }: { total?: Total }): Record<string, string> {
  if (!total) return {}
  const { value, count } = total
  return {
    'x-total-count': String(value),
    ...(count && { 'preference-applied': `count=${count}` }),
  }
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

/** Returns the parameters of a list without the position. A parameter with several values is repeated. */
function parametersOf({ after, before, ...rest }: PageQuery): string {
  const pairs = Object.entries(rest).flatMap(([name, values]) =>
    [values].flat().map((value): [string, string] => [name, String(value)]),
  )
  return String(new URLSearchParams(pairs))
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

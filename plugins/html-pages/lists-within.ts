import { type Fragment, html } from '../../src/http/html.ts'
import type { RouteInfo } from '../../src/http/route-info.ts'

const SEGMENT = /^[\w-]+$/

/**
 * Returns the names of the lists within a resource: the last segments of GET routes one segment below its route.
 *
 * @param pattern path of the resource's route, with `:name` for each parameter
 */
export function listsWithin(pattern: string, routes: readonly RouteInfo[]): string[] {
  return routes
    .filter(({ method, path, schema }) => {
      return method === 'GET' && !schema.hide && path.startsWith(`${pattern}/`)
    })
    .map(({ path }) => path.slice(pattern.length + 1))
    .filter((segment) => SEGMENT.test(segment))
}

/** Renders links to the lists within the resource of a page. */
export function renderListsWithin(path: string, names: readonly string[]): Fragment {
  if (names.length === 0) return undefined
  const items = names.map((name) => html`<li><a href="${path}/${name}">${name}</a></li>\n`)
  return html`<nav class="within" aria-label="Lists within this resource"><ul>
${items}</ul></nav>`
}

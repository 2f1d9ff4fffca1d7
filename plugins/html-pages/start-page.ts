import { SCHEME_INFO } from '../../src/http/authentication-schemes.ts'
import { type Fragment, type Html, html } from '../../src/http/html.ts'
import type { RouteInfo } from '../../src/http/route-info.ts'
import { renderCommand } from './command.ts'
import { renderAccount } from './form-controls.ts'
import { OPENAPI_PATH, REFERENCE_PATH, renderLayout } from './layout.ts'
import { renderLink } from './link.ts'
import { examplePath, listAbove } from './reference/operation-page.ts'
import { compareMethods, findOperation } from './reference/operations.ts'
import type { Service } from './service.ts'
import { templateOf } from './url-template.ts'

interface Start extends Service {
  name: string
  description: string
  routes: readonly RouteInfo[]
}

/** Renders the start page: what the service is, its resources, and how to begin. */
export function renderStartPage(start: Start): string {
  const { name, description, pathPrefix, isReadable } = start
  const routes = start.routes
    .filter(({ method, schema }) => method !== 'HEAD' && !schema.hide)
    .sort((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)))
  const main = html`<div class="landing">
<h1>${name}</h1>
<p class="lead">${description}. A browser shows each resource as a page with forms, and programs get the same URL as JSON or XML.</p>
<section aria-labelledby="begin">
<h2 id="begin">Begin</h2>
<ul class="begin">
${renderDocuments(start, routes)}</ul>
${renderAccounts(start)}
${renderFirstCall(start, routes)}</section>
<section aria-labelledby="resources">
<h2 id="resources">Resources</h2>
${groupBy(routes, ({ path }) => path.split('/')[1]).map((group) => renderGroup(group, start))}
</section>
</div>`
  const page = { title: `${name} · ${pathPrefix}/`, pathPrefix, isReadable, crumbs: [] }
  return renderLayout({ ...page, current: { Resources: 'page' } }, main)
}

/** Renders links to the documents that routes name, to the reference and to the OpenAPI document. */
function renderDocuments(
  { pathPrefix, isReadable }: Start,
  routes: readonly RouteInfo[],
): Fragment {
  const documents = new Map(
    routes.flatMap(({ schema: { externalDocs: document } }) =>
      document ? [[document.url, document.description ?? document.url] as const] : [],
    ),
  )
  const own = [
    [REFERENCE_PATH, 'Reference', 'every operation, with a form to try it'],
    [OPENAPI_PATH, 'OpenAPI document', 'the same for programs'],
  ] as const
  return [
    [...documents].map(([url, text]) => html`<li>${renderLink(url, text, isReadable)}</li>\n`),
    own.map(([path, text, about]) => {
      const url = pathPrefix + path
      return isReadable(url) && html`<li><a href="${url}">${text}</a>: ${about}</li>\n`
    }),
  ]
}

function renderAccounts({ account, schemes }: Start): Fragment {
  const secrets = [...new Set(schemes.map((scheme) => SCHEME_INFO[scheme].secret))]
  return account && secrets.length > 0 && renderAccount(account, secrets)
}

/** Renders the command of the first read without parameters, besides that of this page. */
function renderFirstCall({ urlOf }: Start, routes: readonly RouteInfo[]): Fragment {
  const read = routes.find(({ method, path }) => method === 'GET' && path !== '/' && isFixed(path))
  const accept = 'application/json'
  return read && renderCommand({ method: 'GET', url: urlOf(read.path), fields: { accept } })
}

function isFixed(path: string): boolean {
  return !/[:*]/.test(path)
}

function groupBy(routes: readonly RouteInfo[], keyOf: (route: RouteInfo) => unknown) {
  return [...Map.groupBy(routes, keyOf).values()]
}

/** Renders the paths of a resource, each with its methods. */
function renderGroup(group: RouteInfo[], start: Start): Html {
  return html`<ul class="resource">
${groupBy(group, ({ path }) => path).map((routes) => html`<li>${renderPath(routes, start)}</li>\n`)}</ul>\n`
}

function renderPath(routes: RouteInfo[], start: Start): Fragment {
  const read = routes.find(({ method }) => method === 'GET')
  return (read ? [read] : routes.slice(0, 1)).map((route) => {
    const { summary, deprecated } = route.schema
    const name = html`<code>${templateOf(route.path)}</code>`
    return html`<span class="path">${renderPathLink(route, name, start)}</span>
<span class="summary">${summary}${deprecated && ' (deprecated)'}</span>
<span class="methods">${routes.toSorted(compareMethods).map((each) => renderMethod(each, start))}</span>`
  })
}

/** Renders a link to the resource, or to an example of it that exists, or otherwise to its reference page. */
function renderPathLink(route: RouteInfo, name: Html, start: Start): Fragment {
  const { operations, pathPrefix, isReadable, referenceOf } = start
  const operation = findOperation(operations, route)
  const path = operation ? examplePath(operation, pathPrefix) : pathPrefix + route.path
  const exists = isFixed(route.path) || (operation && !listAbove(operation.path, start))
  const target = exists && isReadable(path) ? path : referenceOf(route)
  return target === undefined ? name : renderLink(target, name, isReadable)
}

function renderMethod(route: RouteInfo, { referenceOf }: Start): Html {
  const reference = referenceOf(route)
  const label = html`<span class="method">${route.method}</span>`
  return reference === undefined
    ? html`${label} `
    : html`<a href="${reference}" aria-label="${route.method} ${templateOf(route.path)}">${label}</a> `
}

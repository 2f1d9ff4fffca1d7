import type { Scheme } from '../../src/http/authentication-schemes.ts'
import { type Fragment, type Html, html } from '../../src/http/html.ts'
import type { RouteInfo } from '../../src/http/route-info.ts'
import { draftsOf } from './body.ts'
import { renderCommand } from './command.ts'
import { exampleRequest } from './example-call.ts'
import { type IsReadable, renderLink } from './link.ts'

interface Service {
  name: string
  description: string
  /** Returns the absolute URL of a path. */
  urlOf: (path: string) => string
  /** Path before the paths of the service; empty if there is none. */
  pathPrefix: string
  routes: readonly RouteInfo[]
  isReadable: IsReadable
  /** Authentication schemes that the service accepts. */
  schemes: readonly Scheme[]
}

/** Renders the landing page: name and description, commands to try first, and all routes. */
export function renderLanding(service: Service): Html {
  const { name, description } = service
  return html`<div class="landing">
<h1>${name}</h1>
<p class="lead">${description}.</p>
<section aria-labelledby="first-calls">
<h2 id="first-calls">First calls</h2>
${firstCalls(service)}</section>
<section aria-labelledby="resources">
<h2 id="resources">Resources</h2>
${renderResources(service)}</section>
</div>`
}

/** Renders commands for routes without parameters: the index, the first GET after the index, and the first POST. */
function firstCalls({ urlOf, routes, schemes }: Service): Fragment {
  const hasFixedPath = ({ path, schema }: RouteInfo) => !schema.hide && !/[:*]/.test(path)
  const [root, read] = routes.filter((each) => each.method === 'GET' && hasFixedPath(each))
  const write = routes.find((each) => each.method === 'POST' && hasFixedPath(each))
  const first = [root, read, write].filter((route) => route !== undefined)
  return first.map((route) => {
    const drafts = draftsOf(route, [], undefined)
    const url = urlOf(route.path)
    const request = exampleRequest({ route, url, drafts, etag: '', schemes })
    return html`<h3>${route.schema.summary}</h3>
${renderCommand(request)}\n`
  })
}

/** Renders the routes in groups by the first segment of their path. */
function renderResources({ routes, pathPrefix, isReadable }: Service): Fragment {
  const shown = routes.filter(({ method, schema }) => method !== 'HEAD' && !schema.hide)
  return groupsOf(shown, ({ path }) => path.split('/')[1]).map((resource) => {
    const alike = groupsOf(resource, ({ path, schema }) => `${path} ${schema.summary}`)
    return html`<ul class="resource">
${alike.map((group) => html`<li>${renderRoutes(group, pathPrefix, isReadable)}</li>\n`)}</ul>\n`
  })
}

function groupsOf(routes: readonly RouteInfo[], keyOf: (route: RouteInfo) => unknown) {
  return [...Map.groupBy(routes, keyOf).values()]
}

/** Renders routes with the same path and summary as one entry. */
function renderRoutes(routes: RouteInfo[], pathPrefix: string, isReadable: IsReadable): Fragment {
  return routes.slice(0, 1).map(({ path, schema }) => {
    const methods = routes.map(({ method }) => method)
    const name = html`<code>${path.replace(/:(\w+)/g, '{$1}')}</code>`
    const isLinked = methods.includes('GET') && !/[:*]/.test(path)
    return html`<span class="method">${methods.join(' ')}</span>
${isLinked ? renderLink(pathPrefix + path, name, isReadable) : name}
<span class="summary">${schema.summary}${schema.deprecated && ' (deprecated)'}</span>`
  })
}

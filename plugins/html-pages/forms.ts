import { type Fragment, type Html, html } from '../../src/http/html.ts'
import { isUnsafe, methodsOf, type RouteInfo } from '../../src/http/route-info.ts'
import { draftsOf } from './body.ts'
import { renderDeprecation, renderMemberDeprecations } from './deprecation.ts'
import { acceptsOf, type ExampleCall, writeInputs } from './example-call.ts'
import type { Exchange } from './exchange.ts'
import { renderHtmlForms } from './html-forms.ts'
import { renderLink } from './link.ts'
import { queryParameters, renderQueryForms } from './query.ts'
import { renderTryForm } from './try-form.ts'

/**
 * Renders the methods of a resource: query forms for GET, and for each write a form and a curl command.
 *
 * @param current JSON of the resource; undefined if not known
 */
export function renderForms(exchange: Exchange, current: unknown): Fragment {
  const { routes } = exchange
  if (routes.length === 0) return undefined
  const reads = routes.filter(({ method }) => method === 'GET')
  return html`<section aria-labelledby="methods">
<h2 id="methods">Methods</h2>
<ul class="methods">
${methodsOf(routes).map((method) => renderMethod(method, exchange))}</ul>
${reads.map((route) => renderRead(route, exchange))}
${routes.filter(isUnsafe).map((route) => renderWrite(route, exchange, current))}</section>`
}

/** Renders a method as a link to its reference page; HEAD and OPTIONS have none. */
function renderMethod(method: string, { routes, referenceOf }: Exchange): Html {
  const [route] = routes.filter((each) => each.method === method)
  const reference = route && referenceOf(route)
  const label = reference === undefined ? method : html`<a href="${reference}">${method}</a>`
  return html`<li class="method">${label}</li>\n`
}

function renderDetails(
  route: RouteInfo,
  exchange: Exchange,
  content: Fragment,
  isOpen = false,
): Html {
  const { method, schema } = route
  const reference = exchange.referenceOf(route)
  return html`<details class="operation"${isOpen && html` open`}>
<summary><span class="method">${method}</span> ${schema.summary}</summary>
${schema.description && html`<p>${schema.description}</p>`}
${renderDeprecation(route)}${renderMemberDeprecations(route)}${content}
${reference && html`<p class="more-about"><a href="${reference}">Reference of ${method}: parameters, body and failures</a></p>`}
</details>\n`
}

function renderRead(route: RouteInfo, exchange: Exchange): Fragment {
  const { request, response, path, isReadable } = exchange
  if (queryParameters(route).length === 0) return undefined
  const query = new URLSearchParams(request.url.replace(/^[^?]*/, ''))
  const reset = query.size > 0 && html`<p>${renderLink(path, 'Without a query', isReadable)}</p>`
  const isRefused = query.size > 0 && response.status >= 400
  return renderDetails(route, exchange, [renderQueryForms(route, query), reset], isRefused)
}

function renderWrite(route: RouteInfo, exchange: Exchange, current: unknown): Html {
  const { request, response, routes, schemes, account, path, isReadable } = exchange
  const etag = response.fields.find(([name]) => name === 'etag')?.[1] ?? ''
  const drafts = draftsOf(route, routes, current)
  const list = path.replace(/\/[^/]*$/, '')
  const call: ExampleCall = {
    route,
    url: request.url.replace(/\?.*/s, ''),
    inputs: writeInputs(route, etag),
    accepts: acceptsOf(route),
    drafts,
    schemes,
    account,
    list: isReadable(list) ? list : undefined,
  }
  const native = route.method === 'POST' && renderHtmlForms(drafts)
  return renderDetails(route, exchange, renderTryForm(call, 'h3', native))
}

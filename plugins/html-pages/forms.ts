import { type Fragment, type Html, html } from '../../src/http/html.ts'
import { isUnsafe, methodsOf, type RouteInfo } from '../../src/http/route-info.ts'
import { draftsOf } from './body.ts'
import { renderCommand } from './command.ts'
import { renderDeprecation, renderMemberDeprecations } from './deprecation.ts'
import {
  type ExampleCall,
  exampleRequest,
  mayRequireCredentials,
  mayRequireIfMatch,
} from './example-call.ts'
import type { Exchange } from './exchange.ts'
import { renderBody, renderCredentials, renderInput } from './form-controls.ts'
import { renderHtmlForms } from './html-forms.ts'
import { renderLink } from './link.ts'
import { queryParameters, renderQueryForms } from './query.ts'

/**
 * Renders the methods of a resource: query forms for GET, and for each write a form and a curl command.
 *
 * @param current JSON of the resource; undefined if not known
 */
export function renderForms(exchange: Exchange, current: unknown): Fragment {
  const { request, response, routes, schemes } = exchange
  if (routes.length === 0) return undefined
  const etag = response.fields.find(([name]) => name === 'etag')?.[1] ?? ''
  const url = request.url.replace(/\?.*/s, '')
  const reads = routes.filter(({ method }) => method === 'GET')
  const calls = routes.filter(isUnsafe).map((route) => {
    return { route, url, drafts: draftsOf(route, routes, current), etag, schemes }
  })
  return html`<section aria-labelledby="methods">
<h2 id="methods">Methods</h2>
<ul class="methods">
${methodsOf(routes).map((method) => html`<li class="method">${method}</li>\n`)}</ul>
${reads.map((route) => renderRead(route, exchange))}
${calls.map(renderWrite)}</section>`
}

function renderDetails(route: RouteInfo, content: Fragment): Html {
  const { method, schema } = route
  return html`<details class="operation">
<summary><span class="method">${method}</span> ${schema.summary}</summary>
${schema.description && html`<p>${schema.description}</p>`}
${renderDeprecation(route)}${renderMemberDeprecations(route)}${content}
</details>\n`
}

function renderRead(route: RouteInfo, { request, path, isReadable }: Exchange): Fragment {
  if (queryParameters(route).length === 0) return undefined
  const query = new URLSearchParams(request.url.replace(/^[^?]*/, ''))
  const reset = query.size > 0 && html`<p>${renderLink(path, 'Without a query', isReadable)}</p>`
  return renderDetails(route, [renderQueryForms(route, query), reset])
}

function renderWrite(call: ExampleCall): Html {
  const { route } = call
  return renderDetails(
    route,
    html`${renderScriptForm(call)}
${route.method === 'POST' && renderHtmlForms(call)}
<h3>With curl</h3>
${renderCommand(exampleRequest(call))}`,
  )
}

/** Renders a form that page.js sends, since HTML forms support only GET and POST, and few media types. */
function renderScriptForm({ route, drafts, etag, schemes }: ExampleCall): Html {
  const { method } = route
  return html`<form data-method="${method}" hidden>
${drafts.length > 0 && renderBody(method, drafts)}
${mayRequireIfMatch(route) && renderInput(method, 'If-Match', { name: 'if-match', value: etag })}
${route.schema['x-idempotency-key'] === true && renderInput(method, 'Idempotency-Key', { name: 'idempotency-key' })}
${mayRequireCredentials(route) && renderCredentials(method, schemes)}
<p><button type="submit">Send ${method}</button></p>
<output aria-label="Response to ${method}"></output>
</form>`
}

import { type Fragment, type Html, html } from '../../src/http/html.ts'
import { renderCommand } from './command.ts'
import type { CurlRequest } from './curl.ts'
import { renderDeprecation } from './deprecation.ts'
import type { Exchange } from './exchange.ts'
import { canonicalName, renderFieldValue } from './field.ts'
import { renderForms } from './forms.ts'
import { renderJson, SHOWN_CHARACTERS } from './json.ts'
import { crumbsOf, renderLayout } from './layout.ts'
import { renderListsWithin } from './lists-within.ts'

/** Renders the page of an exchange: the request with its curl command, the response, and forms for further requests. */
export function renderExchange(exchange: Exchange): string {
  const { title, lead, lists, path, pathPrefix, isReadable, request, response, routes } = exchange
  const body = renderJson(response.document, path, isReadable)
  // Drafts contain the document once more for each media type, so they are examples if the document is long.
  const current = body.isCut || response.status >= 300 ? undefined : response.document
  const main = html`<h1>${title}</h1>
${lead && html`<p class="lead">${lead}</p>`}
${routes.filter(({ method }) => method === request.method).map(renderDeprecation)}
${renderListsWithin(path, lists)}
${renderRequest(request)}
${renderResponse(exchange, body)}
${renderTrace(exchange.trace)}
${renderForms(exchange, current)}`
  const page = { title: `${title} · ${path}`, pathPrefix, isReadable }
  const section = routes.length > 0 ? ({ Resources: 'true' } as const) : {}
  return renderLayout({ ...page, current: section, crumbs: crumbsOf(exchange) }, main)
}

function renderRequest(request: CurlRequest): Html {
  const { method, url } = request
  return html`<section aria-labelledby="request">
<h2 id="request">Request</h2>
<p class="target"><span class="method">${method}</span> <code>${url}</code></p>
${renderCommand(request)}
</section>`
}

function renderResponse(
  { response, isReadable }: Exchange,
  { markup, isCut }: ReturnType<typeof renderJson>,
): Html {
  const { status, reason, fields } = response
  const rows = fields.map(([name, value]) => {
    const content = renderFieldValue(name, value, isReadable)
    return html`<div><dt>${canonicalName(name)}</dt><dd>${content}</dd></div>\n`
  })
  return html`<section aria-labelledby="response">
<h2 id="response">Response</h2>
<p class="status of-${String(status).charAt(0)}xx">${status} ${reason}</p>
<dl class="fields">
${rows}</dl>
${isCut && CUT_NOTE}
<pre class="body"><code>${markup}</code></pre>
</section>`
}

/** The command of the page gets the JSON. A link cannot, since the browser would ask for the page again. */
const CUT_NOTE = html`<p class="cut">Only the first ${SHOWN_CHARACTERS} characters are shown. To get the whole JSON, run the <a href="#request">command of the request</a>.</p>`

function renderTrace(trace: string[] | undefined): Fragment {
  if (!trace) return undefined
  return html`<section aria-labelledby="trace">
<h2 id="trace">Trace</h2>
<ol class="trace">
${trace.map((member) => html`<li><code>${member}</code></li>\n`)}</ol>
</section>`
}

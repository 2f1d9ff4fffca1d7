import { type Fragment, type Html, html } from '../../src/http/html.ts'
import { renderCommand } from './command.ts'
import type { CurlRequest } from './curl.ts'
import type { Exchange } from './exchange.ts'
import { canonicalName, renderFieldValue } from './field.ts'
import { renderForms } from './forms.ts'
import { renderJson } from './json.ts'
import { renderLayout } from './layout.ts'

/** Renders the page of an exchange: the request with its curl command, the response, and forms for further requests. */
export function renderExchange(exchange: Exchange): string {
  const { title, lead, path, pathPrefix, isReadable, introduction } = exchange
  const main = html`${introduction}
<div class="exchange">
${introduction ? html`<h2>${title}</h2>` : html`<h1>${title}</h1>`}
${lead && html`<p class="lead">${lead}</p>`}
${renderRequest(exchange.request)}
${renderResponse(exchange)}
${renderTrace(exchange.trace)}
${renderForms(exchange)}
</div>`
  return renderLayout({ title: `${title} · ${path}`, path, pathPrefix, isReadable }, main)
}

function renderRequest(request: CurlRequest): Html {
  const { method, url } = request
  return html`<section aria-labelledby="request">
<h2 id="request">Request</h2>
<p class="target"><span class="method">${method}</span> <code>${url}</code></p>
${renderCommand(request)}
</section>`
}

function renderResponse({ response, path, isReadable }: Exchange): Html {
  const { status, reason, fields, document } = response
  const rows = fields.map(([name, value]) => {
    const content = renderFieldValue(name, value, isReadable)
    return html`<div><dt>${canonicalName(name)}</dt><dd>${content}</dd></div>\n`
  })
  return html`<section aria-labelledby="response">
<h2 id="response">Response</h2>
<p class="status of-${String(status).charAt(0)}xx">${status} ${reason}</p>
<dl class="fields">
${rows}</dl>
<pre class="body"><code>${renderJson(document, path, isReadable)}</code></pre>
</section>`
}

function renderTrace(trace: string[] | undefined): Fragment {
  if (!trace) return undefined
  return html`<section aria-labelledby="trace">
<h2 id="trace">Trace</h2>
<ol class="trace">
${trace.map((member) => html`<li><code>${member}</code></li>\n`)}</ol>
</section>`
}

import { type Fragment, type Html, html } from '../../src/http/html.ts'
import { writeCommand } from './command.ts'
import type { Request } from './curl.ts'
import type { Exchange } from './exchange.ts'
import { spell, writeFieldValue } from './field.ts'
import { writeForms } from './form.ts'
import { writeJson } from './json.ts'
import { renderPage } from './layout.ts'

/**
 * Writes the page of a call: the command that makes it, the reply to that, and what else can be done
 * with the resource. All that is in it comes from the reply and from what the routes say of themselves.
 */
export function writeCall(call: Exchange): string {
  const { title, lead, path, isReadable, introduction } = call
  const main = html`${introduction}
<div class="call">
${introduction ? html`<h2>${title}</h2>` : html`<h1>${title}</h1>`}
${lead && html`<p class="lead">${lead}</p>`}
${writeRequest(call.request)}
${writeReply(call)}
${writeTrace(call.trace)}
${writeForms(call)}
</div>`
  return renderPage(`${title} · ${path}`, path, isReadable, main)
}

function writeRequest(request: Request): Html {
  const { method, url } = request
  return html`<section aria-labelledby="request">
<h2 id="request">Request</h2>
<p class="target"><span class="method">${method}</span> <code>${url}</code></p>
${writeCommand(request)}
</section>`
}

function writeReply({ reply, path, isReadable }: Exchange): Html {
  const { status, reason, fields, document } = reply
  const rows = fields.map(
    ([name, value]) =>
      html`<div><dt>${spell(name)}</dt><dd>${writeFieldValue(name, value, isReadable)}</dd></div>\n`,
  )
  return html`<section aria-labelledby="reply">
<h2 id="reply">Reply</h2>
<p class="status of-${String(status).charAt(0)}xx">${status} ${reason}</p>
<dl class="fields">
${rows}</dl>
<pre class="body"><code>${writeJson(document, path, isReadable)}</code></pre>
</section>`
}

function writeTrace(trace: string[] | undefined): Fragment {
  if (!trace) return undefined
  return html`<section aria-labelledby="trace">
<h2 id="trace">Trace</h2>
<ol class="trace">
${trace.map((member) => html`<li><code>${member}</code></li>\n`)}</ol>
</section>`
}

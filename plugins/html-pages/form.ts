import { consumedBy } from '../../src/http/body.ts'
import { type Fragment, type Html, html } from '../../src/http/html.ts'
import { isWrite, methodsOf, type RouteInfo } from '../../src/http/route-info.ts'
import { type Draft, draftsOf } from './body.ts'
import { writeCommand } from './command.ts'
import type { Exchange } from './exchange.ts'
import { writeLink } from './link.ts'
import { isDoneOnce, mayChallenge, needsTag, type Offer, requestOf } from './offer.ts'
import { parametersOf, writeQuery } from './query.ts'

/**
 * Writes what the resource can do: its methods, forms for what else can be read, and for each that writes a
 * form and a command.
 */
export function writeForms(call: Exchange): Fragment {
  const { request, reply, operations } = call
  if (operations.length === 0) return undefined
  const current = reply.status < 300 ? reply.document : undefined
  const tag = reply.fields.find(([name]) => name === 'etag')?.[1] ?? ''
  const url = request.url.replace(/\?.*/s, '')
  const offers = operations.filter(isWrite).map((operation) => {
    const drafts = draftsOf(operation, operations, current)
    return writeOffer({ operation, url, drafts, tag })
  })
  return html`<section aria-labelledby="methods">
<h2 id="methods">Methods</h2>
<ul class="methods">
${methodsOf(operations).map((method) => html`<li class="method">${method}</li>\n`)}</ul>
${operations.filter(({ method }) => method === 'GET').map((operation) => writeRead(operation, call))}
${offers}</section>`
}

function writeOperation({ method, schema }: RouteInfo, content: Fragment): Html {
  return html`<details class="operation">
<summary><span class="method">${method}</span> ${schema.summary}</summary>
${schema.description && html`<p>${schema.description}</p>`}
${content}
</details>\n`
}

/** Writes what a read can be asked for, where there is something. */
function writeRead(operation: RouteInfo, { request, path, isReadable }: Exchange): Fragment {
  const parameters = parametersOf(operation)
  if (parameters.length === 0) return undefined
  const query = new URLSearchParams(request.url.replace(/^[^?]*/, ''))
  const everything =
    query.size > 0 && html`<p>${writeLink(path, 'Without a query', isReadable)}</p>`
  return writeOperation(operation, [writeQuery(parameters, query), everything])
}

function writeOffer(offer: Offer): Html {
  return writeOperation(
    offer.operation,
    html`${writeForm(offer)}
${offer.operation.method === 'POST' && writeNativeForms(offer)}
<h3>With curl</h3>
${writeCommand(requestOf(offer))}`,
  )
}

/** A form that the script sends: browsers alone know neither its methods nor its media types. */
function writeForm({ operation, drafts, tag }: Offer): Html {
  const { method } = operation
  return html`<form data-method="${method}" hidden>
${drafts.length > 0 && writeBody(method, drafts)}
${needsTag(operation) && writeInput(method, 'If-Match', { name: 'if-match', value: tag })}
${isDoneOnce(operation) && writeInput(method, 'Idempotency-Key', { name: 'idempotency-key' })}
${mayChallenge(operation) && writeCredentials(method)}
<p><button type="submit">Send ${method}</button></p>
<output aria-label="Reply to ${method}"></output>
</form>`
}

function writeBody(method: string, drafts: Draft[]): Html {
  const id = `${method}-body`
  const options = drafts.map(
    ({ mediaType, text }) => html`<option data-draft="${text}">${mediaType}</option>\n`,
  )
  return html`<p class="field"><label for="${method}-type">Content-Type</label>
<select id="${method}-type" name="content-type" autocomplete="off">
${options}</select></p>
<p class="field"><label for="${id}">Body</label>
<textarea id="${id}" name="body" rows="8" spellcheck="false" autocomplete="off">
${drafts[0]?.text}</textarea></p>`
}

interface Input {
  name: string
  type?: string
  value?: string
}

function writeInput(
  method: string,
  label: string,
  { name, type = 'text', value = '' }: Input,
): Html {
  const id = `${method}-${name}`
  return html`<p class="field"><label for="${id}">${label}</label>
<input id="${id}" name="${name}" type="${type}" value="${value}" autocomplete="off" spellcheck="false"></p>`
}

function writeCredentials(method: string): Html {
  return html`<fieldset>
<legend>Authorization</legend>
<p class="field"><label for="${method}-scheme">Scheme</label>
<select id="${method}-scheme" name="scheme" autocomplete="off">
<option>Basic</option>
<option>Bearer</option>
</select></p>
${writeInput(method, 'Name', { name: 'user' })}
${writeInput(method, 'Password or token', { name: 'secret', type: 'password' })}
</fieldset>`
}

/** The media types that HTML forms have, and what such a form asks for. */
const NATIVE: Record<string, { label: string; control: (id: string) => Html }> = {
  'multipart/form-data': {
    label: 'File',
    control: (id) => html`<input id="${id}" name="file" type="file" required>`,
  },
  'application/x-www-form-urlencoded': {
    label: 'Text',
    control: (id) => html`<textarea id="${id}" name="text" rows="3" required></textarea>`,
  },
}

/** Forms that a browser sends by itself; the script hides those that it does better. */
function writeNativeForms({ operation }: Offer): Fragment {
  const consumed = consumedBy(operation.schema.body)
  return Object.entries(NATIVE).map(([mediaType, { label, control }]) => {
    const id = `${operation.method}-${label}`
    return (
      consumed.includes(mediaType) &&
      html`<form class="native" method="post" enctype="${mediaType}">
<p class="field"><label for="${id}">${label}</label>
${control(id)}</p>
<p><button type="submit">Send as ${mediaType}</button></p>
</form>\n`
    )
  })
}

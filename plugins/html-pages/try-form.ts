import { type Fragment, type Html, html } from '../../src/http/html.ts'
import { renderCommand } from './command.ts'
import {
  type ExampleCall,
  exampleRequest,
  type Input,
  mayRequireCredentials,
} from './example-call.ts'
import { renderAccept, renderBody, renderCredentials, renderInput } from './form-controls.ts'

/**
 * Renders a request to try: a form that the script sends, since HTML forms support only GET and POST and few media
 * types, forms and links that work without the script, and the curl command of the request.
 *
 * @param heading level of the heading above the command
 * @param native forms and links that the script replaces
 */
export function renderTryForm(call: ExampleCall, heading: 'h2' | 'h3', native?: Fragment): Html {
  const { method } = call.route
  const prefix = method
  return html`<div class="try">
${renderForm(call, prefix)}
${native}
<${TAGS[heading]}>With curl</${TAGS[heading]}>
${renderCommand(exampleRequest(call), `${prefix}-command`)}
<p class="hint" id="${prefix}-missing"></p>
</div>`
}

const TAGS = { h2: html`h2`, h3: html`h3` }

function renderForm(call: ExampleCall, prefix: string): Html {
  const { route, url, inputs, accepts, drafts, list } = call
  const { method } = route
  const isShown = (input: Input) => input.in !== 'header' || input.isRequired
  const optional = inputs.filter((input) => !isShown(input))
  const render = (input: Input) => renderInput(prefix, input)
  return html`<form data-method="${method}" data-url="${url}"${list !== undefined && html` data-list="${list}"`} hidden>
<div class="inputs">
${inputs.filter(isShown).map(render)}</div>
${renderBody(prefix, drafts)}
${mayRequireCredentials(route) && renderCredentials(prefix, call)}
<details class="more"><summary>Header fields</summary>
<div class="inputs">
${renderAccept(prefix, accepts)}
${optional.map(render)}</div>
</details>
<p><button type="submit">Send ${method}</button></p>
<section class="outcome" tabindex="-1" aria-label="Response to ${method}" hidden>
<p class="result" role="status"></p>
</section>
</form>`
}

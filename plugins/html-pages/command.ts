import { type Html, html } from '../../src/http/html.ts'
import { type CurlRequest, curlCommand } from './curl.ts'

/** Renders the curl command of a request. The script of the page adds a button that copies the command. */
export function renderCommand(request: CurlRequest): Html {
  return html`<pre class="command"><code>${curlCommand(request)}</code></pre>`
}

import { type Html, html } from '../../src/http/html.ts'
import { type CurlRequest, writeCommand } from './curl.ts'

/**
 * Renders the curl command of a request. The script of the page adds a button that copies the command.
 *
 * @param id of the element with the command, which the script updates
 */
export function renderCommand(request: CurlRequest, id?: string): Html {
  return html`<pre class="command"><code${id !== undefined && html` id="${id}"`}>${writeCommand(request)}</code></pre>`
}

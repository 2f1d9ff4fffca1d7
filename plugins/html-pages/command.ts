import { type Html, html } from '../../src/http/html.ts'
import { type Request, writeCurl } from './curl.ts'

/** Writes the command that makes a request, to be copied. */
export function writeCommand(request: Request): Html {
  return html`<pre class="command"><code>${writeCurl(request)}</code></pre>`
}

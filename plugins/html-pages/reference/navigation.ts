import { type Html, html } from '../../../src/http/html.ts'
import { REFERENCE_PATH } from '../layout.ts'
import { groupOperations, type Operation } from './operations.ts'

/** Returns the path of an operation's page, as the client sees it. */
export function referencePath(pathPrefix: string, { id }: Operation): string {
  return `${pathPrefix}${REFERENCE_PATH}/${encodeURIComponent(id)}`
}

/** Renders the list of operations beside a reference page. On a phone, it is closed. */
export function renderNavigation(
  operations: readonly Operation[],
  current: Operation,
  pathPrefix: string,
): Html {
  return html`<nav class="index" aria-label="Operations"><details><summary>Operations</summary>
${groupOperations(operations).map(
  ([group, members]) => html`<h2>${group}</h2>
<ul>
${members.map((operation) => html`<li><a href="${referencePath(pathPrefix, operation)}"${operation === current && html` aria-current="page"`}><span class="method">${operation.method}</span> ${operation.summary}</a></li>\n`)}</ul>\n`,
)}</details></nav>`
}

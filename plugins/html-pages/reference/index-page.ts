import { type Html, html } from '../../../src/http/html.ts'
import { OPENAPI_PATH, renderLayout } from '../layout.ts'
import { renderLink } from '../link.ts'
import type { Service } from '../service.ts'
import { referencePath } from './navigation.ts'
import { groupOperations, type Operation } from './operations.ts'

const TITLE = 'Reference'

/** Renders the list of all operations, by resource. */
export function renderIndex(service: Service): string {
  const { operations, pathPrefix, isReadable } = service
  const main = html`<h1>${TITLE}</h1>
<p class="lead">All operations by resource. Each has a page with its parameters, bodies and responses, on which you can try it.</p>
${groupOperations(operations).map(([group, members]) => renderGroup(group, members, service))}
<p>Programs and other viewers read the same reference from <a href="${pathPrefix}${OPENAPI_PATH}">the OpenAPI document</a>.</p>`
  const crumbs = [{ name: 'Home', path: `${pathPrefix}/` }, { name: TITLE }]
  const page = { pathPrefix, isReadable, crumbs, current: { Reference: 'page' } } as const
  return renderLayout({ ...page, title: TITLE }, main)
}

function renderGroup(
  group: string,
  operations: Operation[],
  { pathPrefix, isReadable }: Service,
): Html {
  return html`<section class="group">
<h2>${renderLink(pathPrefix + group, group, isReadable)}</h2>
${operations.slice(0, 1).map(({ resource }) => resource && html`<p>${resource}</p>`)}
<ul class="operations">
${operations.map((operation) => renderOperation(operation, pathPrefix))}</ul>
</section>\n`
}

function renderOperation(operation: Operation, pathPrefix: string): Html {
  const { method, path, summary, deprecated } = operation
  return html`<li><span class="method">${method}</span>
<a href="${referencePath(pathPrefix, operation)}">${summary}</a>
<code>${path}</code>${deprecated && html` <small>deprecated</small>`}</li>\n`
}

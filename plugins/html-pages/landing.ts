import { type Fragment, type Html, html } from '../../src/http/html.ts'
import type { RouteInfo } from '../../src/http/route-info.ts'
import { draftsOf } from './body.ts'
import { writeCommand } from './command.ts'
import { type IsReadable, writeLink } from './link.ts'
import { requestOf } from './offer.ts'

/** What a service has. */
export interface Service {
  name: string
  description: string
  /** The scheme and host that it was reached by. */
  origin: string
  operations: readonly RouteInfo[]
  isReadable: IsReadable
}

/** Introduces a service to whoever opens it in a browser: what it is, calls to begin with, and all it has. */
export function writeLanding(service: Service): Html {
  const { name, description } = service
  return html`<div class="landing">
<h1>${name}</h1>
<p class="lead">${description}.</p>
<section aria-labelledby="first-calls">
<h2 id="first-calls">First calls</h2>
${firstCalls(service)}</section>
<section aria-labelledby="resources">
<h2 id="resources">Resources</h2>
${writeResources(service)}</section>
</div>`
}

/** Calls that need to know nothing: of the service, of the first resource, and the first that writes. */
function firstCalls({ origin, operations }: Service): Fragment {
  const isReady = ({ path, schema }: RouteInfo) => !schema.hide && !/[:*]/.test(path)
  const [root, read] = operations.filter((each) => each.method === 'GET' && isReady(each))
  const write = operations.find((each) => each.method === 'POST' && isReady(each))
  return [root, read, write].map((operation) => operation && writeFirstCall(operation, origin))
}

function writeFirstCall(operation: RouteInfo, origin: string): Html {
  const drafts = draftsOf(operation, [], undefined)
  const request = requestOf({ operation, url: `${origin}${operation.path}`, drafts, tag: '' })
  return html`<h3>${operation.schema.summary}</h3>
${writeCommand(request)}\n`
}

/** Lists what the service has, by the first segment of its path. */
function writeResources({ operations, isReadable }: Service): Fragment {
  const shown = operations.filter(({ method, schema }) => method !== 'HEAD' && !schema.hide)
  return groupsOf(shown, ({ path }) => path.split('/')[1]).map((resource) => {
    const alike = groupsOf(resource, ({ path, schema }) => `${path} ${schema.summary}`)
    return html`<ul class="resource">
${alike.map((group) => html`<li>${writeOperations(group, isReadable)}</li>\n`)}</ul>\n`
  })
}

function groupsOf(operations: readonly RouteInfo[], keyOf: (operation: RouteInfo) => unknown) {
  return [...Map.groupBy(operations, keyOf).values()]
}

/** Writes operations that differ in their methods alone. */
function writeOperations(operations: RouteInfo[], isReadable: IsReadable): Fragment {
  return operations.slice(0, 1).map(({ path, schema }) => {
    const methods = operations.map(({ method }) => method)
    const name = html`<code>${path.replace(/:(\w+)/g, '{$1}')}</code>`
    const isLinked = methods.includes('GET') && !/[:*]/.test(path)
    return html`<span class="method">${methods.join(' ')}</span>
${isLinked ? writeLink(path, name, isReadable) : name}
<span class="summary">${schema.summary}</span>`
  })
}

import { type Fragment, html } from '../../../src/http/html.ts'
import { hasResponse, type RouteInfo } from '../../../src/http/route-info.ts'
import { draftsOf } from '../body.ts'
import { exampleOf } from '../example.ts'
import { acceptsOf, type ExampleCall, type Input } from '../example-call.ts'
import { REFERENCE_PATH, renderLayout } from '../layout.ts'
import { renderLink } from '../link.ts'
import { renderQueryForms } from '../query.ts'
import type { Service } from '../service.ts'
import { renderTryForm } from '../try-form.ts'
import { fillTemplate } from '../url-template.ts'
import { renderMembers, renderParameters } from './facts.ts'
import { referencePath, renderNavigation } from './navigation.ts'
import type { Content, Operation, Parameter } from './operations.ts'
import { renderResponses } from './responses.ts'
import { renderCodes, renderInline, renderText } from './text.ts'

/** Renders the reference page of an operation. */
export function renderOperation(operation: Operation, service: Service): string {
  const { method, path, group, summary, description, deprecated } = operation
  const { operations, pathPrefix, isReadable } = service
  const main = html`<div class="reference">
<div class="about">
<h1>${summary}</h1>
<p class="target"><span class="method">${method}</span> <code>${path}</code></p>
${deprecated && html`<p class="deprecated">This operation is deprecated.</p>`}
${renderText(description)}${renderResourceLink(operation, service)}</div>
<section class="trial" aria-labelledby="try">
<h2 id="try">Try it</h2>
${renderTryForm(callOf(operation, service), 'h3', renderNative(operation, service))}
</section>
<div class="description">
${renderFacts(operation)}
<section aria-labelledby="responses">
<h2 id="responses">Responses</h2>
${renderResponses(operation.responses)}
</section>
</div>
</div>`
  const crumbs = [
    { name: 'Home', path: `${pathPrefix}/` },
    { name: 'Reference', path: pathPrefix + REFERENCE_PATH },
    { name: group, path: pathPrefix + group },
    { name: summary },
  ]
  const page = { pathPrefix, isReadable, crumbs, current: { Reference: 'true' } } as const
  const navigation = renderNavigation(operations, operation, pathPrefix)
  return renderLayout({ ...page, title: `${summary} · ${method} ${path}` }, main, navigation)
}

function renderFacts({ parameters, body }: Operation): Fragment {
  return [
    parameters.length > 0 &&
      html`<section aria-labelledby="parameters">
<h2 id="parameters">Parameters</h2>
${renderParameters(parameters)}
</section>\n`,
    body &&
      html`<section aria-labelledby="body">
<h2 id="body">Body</h2>
${renderBodies(body.content)}
</section>\n`,
  ]
}

/** Renders the members of each media type's body. Media types with the same members are named together. */
function renderBodies(content: Content): Fragment {
  const bodies = Object.entries(content).map(([mediaType, { schema }]) => {
    return { mediaType, members: renderMembers(schema), description: schema.description ?? '' }
  })
  const groups = Map.groupBy(bodies, ({ members, description }) => `${members} ${description}`)
  return [...groups.values()].map(
    (group) => html`<p class="values">${renderCodes(group.map(({ mediaType }) => mediaType))}</p>
${group.slice(0, 1).map(({ members, description }) => [description && html`<p>${renderInline(description)}</p>\n`, members])}\n`,
  )
}

/** Returns the operation as a route, as the forms of resources use it. */
function routeOf({ method, path, body, responses }: Operation): RouteInfo {
  const schema = { ...(body && { body }), response: Object.fromEntries(responses) }
  return { method, path, schema }
}

function callOf(operation: Operation, service: Service): ExampleCall {
  const route = { ...routeOf(operation), isProtected: service.isProtected(operation) }
  const { schemes, account, urlOf, operations } = service
  const { path, parameters } = operation
  const parent = path.replace(/\/[^/]*$/, '')
  const routes = operations.filter((each) => each.path === path).map(routeOf)
  const hasList = operations.some((each) => each.method === 'GET' && each.path === parent)
  return {
    route,
    url: urlOf(path),
    inputs: parameters.map((parameter) => inputOf(parameter, operation, service)),
    accepts: acceptsOf(route),
    drafts: draftsOf(route, routes, undefined),
    schemes,
    account,
    list: hasList ? urlOf(parent) : undefined,
  }
}

function inputOf(parameter: Parameter, operation: Operation, service: Service): Input {
  const { name, in: place, schema, required = false } = parameter
  const input = { name, in: place, schema, isRequired: required }
  if (name !== 'If-Match' || !hasResponse(routeOf(operation), 428)) {
    return { ...input, value: required ? exampleValueOf(parameter) : '' }
  }
  // The page does not have the ETag, and the example `*` would overwrite changes that nobody has seen.
  return { ...input, value: '', isRequired: true, ...readingOf(required, operation, service) }
}

/** Returns the hint and the button that lead to the current ETag; nothing if no operation reads the resource. */
function readingOf(isRequired: boolean, { path }: Operation, service: Service): Partial<Input> {
  const read = service.operations.find((each) => each.method === 'GET' && each.path === path)
  if (!read) return {}
  const link = html`<a href="${referencePath(service.pathPrefix, read)}">${read.summary}</a>`
  const necessity = isRequired ? 'Required' : 'Required if the resource exists'
  return { hint: html`${necessity}: the current ETag, which ${link} returns.`, readsTag: true }
}

function exampleValueOf({ name, schema, example = exampleOf(schema, name) }: Parameter): string {
  return String(example)
}

/** Returns the path of the resource with the examples of its parameters, as the client sees it. */
export function examplePath({ path, parameters }: Operation, pathPrefix: string): string {
  const values = parameters
    .filter((parameter) => parameter.in === 'path')
    .map((parameter) => [parameter.name, exampleValueOf(parameter)])
  return pathPrefix + fillTemplate(path, Object.fromEntries(values))
}

/**
 * Returns the path before the first parameter, if it can be read: a list that exists, while its database may lack the
 * resource of the example.
 */
export function listAbove(
  path: string,
  { pathPrefix, isReadable }: Pick<Service, 'pathPrefix' | 'isReadable'>,
): string | undefined {
  const list = pathPrefix + path.replace(/\/\{.*/s, '')
  return path.includes('{') && isReadable(list) ? list : undefined
}

function renderResourceLink(operation: Operation, service: Service): Fragment {
  const { pathPrefix, isReadable } = service
  const path = listAbove(operation.path, service) ?? examplePath(operation, pathPrefix)
  return (
    isReadable(path) &&
    html`<p>Open ${renderLink(path, html`<code>${path}</code>`, isReadable)}</p>\n`
  )
}

/** Renders the forms for the query, which work without the script if the path has no parameters. */
function renderNative(operation: Operation, { pathPrefix }: Service): Fragment {
  const { method, path, parameters } = operation
  if (method !== 'GET' || path.includes('{')) return undefined
  const query = parameters.filter((parameter) => parameter.in === 'query')
  const properties = Object.fromEntries(
    query.map(({ name, schema, description }) => [name, { ...schema, description }]),
  )
  const route = { method, path, schema: { querystring: { properties } } }
  return html`<div class="native">
${renderQueryForms(route, new URLSearchParams(), pathPrefix + path)}</div>`
}

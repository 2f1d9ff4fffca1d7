import {
  type Deprecation,
  deprecatedMembers,
  describeDeprecation,
} from '../../src/http/deprecation.ts'
import { type Fragment, type Html, html } from '../../src/http/html.ts'
import type { RouteInfo } from '../../src/http/route-info.ts'

/** Renders the deprecation of an operation, if it is deprecated. */
export function renderDeprecation({ schema }: RouteInfo): Fragment {
  const { 'x-deprecation': deprecation } = schema
  return deprecation && renderNote(describe(deprecation))
}

/** Renders the deprecations of the query parameters and the body of an operation. */
export function renderMemberDeprecations({ schema }: RouteInfo): Fragment {
  return deprecatedMembers(schema).map(({ path, deprecation }) =>
    renderNote(html`<code>${path.join('.')}</code>: ${describe(deprecation)}`),
  )
}

function renderNote(content: Html): Html {
  return html`<p class="deprecated">${content}</p>\n`
}

function describe(deprecation: Deprecation): Html {
  return html`${describeDeprecation(deprecation)} <a href="${deprecation.link}">What to use instead</a>`
}

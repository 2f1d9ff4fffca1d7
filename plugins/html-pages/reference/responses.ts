import { type Fragment, type Html, html } from '../../../src/http/html.ts'
import { exampleOf } from '../example.ts'
import { renderMembers } from './facts.ts'
import type { Content, Operation, Response } from './operations.ts'
import { renderCodes, renderInline } from './text.ts'

type Entry = Operation['responses'][number]

function isFailure(status: string): boolean {
  return status >= '400'
}

/** Renders the successes with an example each, and the failures in one closed element. */
export function renderResponses(responses: Entry[]): Html {
  const failures = responses.filter(([status]) => isFailure(status))
  return html`${responses.filter(([status]) => !isFailure(status)).map(renderSuccess)}
${failures.length > 0 && renderFailures(failures)}`
}

function renderSuccess([status, { description, content = {}, headers = {} }]: Entry): Html {
  const fields = Object.keys(headers)
  return html`<h3><span class="status of-${status.charAt(0)}xx">${status}</span> ${renderInline(description)}</h3>
${renderList('Media types', Object.keys(content))}${renderList('Header fields', fields)}${renderExample(content)}`
}

function renderList(name: string, values: string[]): Fragment {
  if (values.length === 0) return undefined
  return html`<p class="values">${name}: ${renderCodes(values)}</p>\n`
}

/** Renders the example of JSON, or else of the first media type that has one. */
function renderExample(content: Content): Fragment {
  const { 'application/json': json, ...others } = content
  if (json) {
    const example = json.example ?? exampleOf(json.schema)
    return html`<pre class="body"><code>${JSON.stringify(example, null, 2)}</code></pre>
${renderMembersOfResponse(json.schema)}`
  }
  const { example } = Object.values(others).find((each) => typeof each.example === 'string') ?? {}
  return example !== undefined && html`<pre class="body"><code>${String(example)}</code></pre>\n`
}

function renderMembersOfResponse(schema: Content[string]['schema']): Fragment {
  const members = renderMembers(schema)
  return (
    members &&
    html`<details class="members"><summary>Members</summary>
${members}</details>\n`
  )
}

const PROBLEM = 'application/problem+json'

/** Renders the statuses of failures with a line each, and the shape that all of them have. */
function renderFailures(failures: Entry[]): Html {
  const statuses = failures.map(([status]) => nameOf(status))
  const shape = shapeOf(failures)
  return html`<details class="failures"><summary>Failures: ${statuses.join(', ')}</summary>
<dl class="facts">
${failures.map(([status, { description }]) => html`<div><dt><code>${nameOf(status)}</code></dt><dd>${renderInline(description)}</dd></div>\n`)}</dl>
${
  shape !== undefined &&
  html`<p>The body of each failure has this shape. Accept can also ask for <code>${PROBLEM}</code> (RFC 9457), XML or text.</p>
<pre class="body"><code>${JSON.stringify(shape, null, 2)}</code></pre>`
}
</details>`
}

function nameOf(status: string): string {
  return status === 'default' ? 'others' : status
}

function shapeOf(failures: Entry[]): unknown {
  const examples = failures.map(
    ([, response]: [string, Response]) => response.content?.['application/json']?.example,
  )
  return examples.find((example) => example !== undefined)
}

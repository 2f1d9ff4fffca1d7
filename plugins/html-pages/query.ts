import { type Fragment, type Html, html } from '../../src/http/html.ts'
import type { RouteInfo } from '../../src/http/route-info.ts'
import type { Schema } from './example.ts'

type Parameter = [name: string, schema: Schema & { description?: string }]

/** Returns the query parameters of a route, except cursors, which come from the links of a list. */
export function queryParameters({ schema }: RouteInfo): Parameter[] {
  const { properties = {} }: Schema = Object(schema.querystring)
  return Object.entries(properties).filter(([, { format }]) => format !== 'cursor')
}

/**
 * Renders a form for each query parameter. Each form also sends the current values of the other parameters. A single
 * form for all parameters would also send the empty parameters, which get 400.
 *
 * @param query current query
 */
export function renderQueryForms(
  parameters: readonly Parameter[],
  query: URLSearchParams,
): Fragment {
  return parameters.map(([name, schema]) => {
    const id = `query-${name}`
    const kept = [...query].filter(([other]) => other !== name && includesName(parameters, other))
    return html`<form class="query" method="get">
<label for="${id}">${name}</label>
<p id="${id}-about">${schema.description}</p>
${renderControl([name, schema], query.getAll(name))}
<button type="submit" aria-label="Set ${name}">Set</button>
${kept.map(([other, value]) => html`<input type="hidden" name="${other}" value="${value}">\n`)}</form>\n`
  })
}

function includesName(parameters: readonly Parameter[], name: string): boolean {
  return parameters.some(([each]) => each === name)
}

/** The attribute `step` of a number input, by type. */
const STEPS: Record<string, string> = { integer: '1', number: 'any' }

function renderControl([name, schema]: Parameter, values: string[]): Html {
  const id = `query-${name}`
  const common = html`id="${id}" name="${name}" aria-describedby="${id}-about" autocomplete="off" required`
  const { type = '', enum: choices = type === 'boolean' ? [true, false] : undefined } =
    schema.items ?? schema
  if (choices) {
    return html`<select ${common}${schema.items && html` multiple`}>
${choices.map((choice) => renderChoice(String(choice), values))}</select>`
  }
  const step = STEPS[type]
  const kind = step ? html`type="number" step="${step}"` : html`type="text"`
  return html`<input ${kind} value="${values[0] ?? ''}" ${common}>`
}

function renderChoice(choice: string, values: string[]): Html {
  return html`<option${values.includes(choice) && html` selected`}>${choice}</option>\n`
}

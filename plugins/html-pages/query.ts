import { type Fragment, type Html, html } from '../../src/http/html.ts'
import type { RouteInfo } from '../../src/http/route-info.ts'
import type { Schema } from './example.ts'
import { choicesOf, renderChoice } from './form-controls.ts'

type Parameter = [name: string, schema: Schema & { description?: string }]

/** Returns the query parameters of a route, except cursors, which come from the links of a list. */
export function queryParameters({ schema }: RouteInfo): Parameter[] {
  const { properties = {} }: Schema = Object(schema.querystring)
  return Object.entries(properties).filter(([, { format }]) => format !== 'cursor')
}

/** Returns the query parameters of each combination of several filters that a list declares. */
function combinationsOf({ schema }: RouteInfo): string[][] {
  return Object(schema.querystring)['x-combinations'] ?? []
}

/**
 * Renders a form for each query parameter, which also sends the current values of the other parameters, and a form for
 * each combination of several filters. A form for all parameters would also send the empty parameters, which get 400.
 *
 * @param query current query
 * @param action path that the forms request; by default that of the page
 */
export function renderQueryForms(
  route: RouteInfo,
  query: URLSearchParams,
  action?: string,
): Fragment {
  const parameters = queryParameters(route)
  const single = parameters.map((parameter) => {
    const kept = [...query].filter(
      ([name]) => name !== parameter[0] && includesName(parameters, name),
    )
    return renderForm([parameter], query, kept, action)
  })
  const combined = combinationsOf(route).map((names) => {
    const filters = parameters.filter(([name]) => names.includes(name))
    return renderForm(filters, query, [], action)
  })
  return [single, combined]
}

function renderForm(
  parameters: readonly Parameter[],
  query: URLSearchParams,
  kept: [name: string, value: string][],
  action?: string,
): Html {
  const names = parameters.map(([name]) => name).join(' and ')
  return html`<form class="query" method="get"${action !== undefined && html` action="${action}"`}>
${parameters.map(([name, schema]) => {
  const id = `query-${parameters.length > 1 ? `${names}-`.replaceAll(' ', '-') : ''}${name}`
  return html`<label for="${id}">${name}</label>
<p id="${id}-about">${schema.description}</p>
${renderControl(id, [name, schema], query.getAll(name))}\n`
})}<button type="submit" aria-label="Set ${names}">Set</button>
${kept.map(([other, value]) => html`<input type="hidden" name="${other}" value="${value}">\n`)}</form>\n`
}

function includesName(parameters: readonly Parameter[], name: string): boolean {
  return parameters.some(([each]) => each === name)
}

/** The attribute `step` of a number input, by type. */
const STEPS: Record<string, string> = { integer: '1', number: 'any' }

function renderControl(id: string, [name, schema]: Parameter, values: string[]): Html {
  const common = html`id="${id}" name="${name}" aria-describedby="${id}-about" autocomplete="off" required`
  const choices = choicesOf(schema)
  if (choices) {
    return html`<select ${common}${schema.items && html` multiple`}>
${choices.map((choice) => renderChoice(choice, values))}</select>`
  }
  const step = STEPS[String((schema.items ?? schema).type)]
  const kind = step ? html`type="number" step="${step}"` : html`type="text"`
  const [value = ''] = values
  const shown = step && Number.isNaN(Number(value)) ? '' : value // a number input accepts only numbers
  return html`<input ${kind} value="${shown}" ${common}>`
}

import { type Fragment, type Html, html } from '../../src/http/html.ts'
import type { RouteInfo } from '../../src/http/route-info.ts'
import type { Schema } from './example.ts'

/** A parameter of a query, by its name. */
type Parameter = [name: string, schema: Schema & { description?: string }]

/** The parameters of a query that are for people: cursors are taken from links. */
export function parametersOf({ schema }: RouteInfo): Parameter[] {
  const { properties = {} }: Schema = Object(schema.querystring)
  return Object.entries(properties).filter(([, { format }]) => format !== 'cursor')
}

/**
 * Writes a form for each parameter of a query, which keeps what the others say. In one form for all, a
 * browser would send by itself those that are empty too, and they are refused.
 *
 * @param query what is asked for now.
 */
export function writeQuery(parameters: readonly Parameter[], query: URLSearchParams): Fragment {
  return parameters.map(([name, schema]) => {
    const id = `query-${name}`
    const kept = [...query].filter(([other]) => other !== name && isOneOf(parameters, other))
    return html`<form class="query" method="get">
<label for="${id}">${name}</label>
<p id="${id}-about">${schema.description}</p>
${writeControl([name, schema], query.get(name) ?? '')}
<button type="submit" aria-label="Set ${name}">Set</button>
${kept.map(([other, value]) => html`<input type="hidden" name="${other}" value="${value}">\n`)}</form>\n`
  })
}

function isOneOf(parameters: readonly Parameter[], name: string): boolean {
  return parameters.some(([each]) => each === name)
}

/** The steps of what is a number. */
const STEPS: Record<string, string> = { integer: '1', number: 'any' }

function writeControl([name, { type = '', enum: choices }]: Parameter, value: string): Html {
  const id = `query-${name}`
  const common = html`id="${id}" name="${name}" aria-describedby="${id}-about" autocomplete="off" required`
  if (choices) {
    return html`<select ${common}>
${choices.map((choice) => writeChoice(String(choice), value))}</select>`
  }
  const step = STEPS[type]
  const kind = step ? html`type="number" step="${step}"` : html`type="text"`
  return html`<input ${kind} value="${value}" ${common}>`
}

function writeChoice(choice: string, value: string): Html {
  return html`<option${choice === value && html` selected`}>${choice}</option>\n`
}

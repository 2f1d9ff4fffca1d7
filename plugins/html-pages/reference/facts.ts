import { type Fragment, type Html, html } from '../../../src/http/html.ts'
import type { DescribedSchema, Parameter } from './operations.ts'
import { renderInline } from './text.ts'

/** A parameter, or a member of a body. */
interface Fact {
  name: string
  /** Place and necessity, such as `path, required`. */
  note: string
  description: string
  schema: DescribedSchema
}

export function renderParameters(parameters: readonly Parameter[]): Html {
  return renderFacts(
    parameters.map(({ name, in: place, required, deprecated, description = '', schema }) => {
      const note = required ? `${place}, required` : place
      return { name, note, description, schema: deprecated ? { ...schema, deprecated } : schema }
    }),
  )
}

/** Renders the members of an object, and those of the objects in it; nothing for other schemas. */
export function renderMembers(schema: DescribedSchema): Fragment {
  const facts = membersOf(schema, '')
  return facts.length > 0 && renderFacts(facts)
}

/** Objects within objects are shown up to this depth. */
const DEPTH_LIMIT = 4

function membersOf(schema: DescribedSchema, prefix: string, depth = 0): Fact[] {
  if (depth > DEPTH_LIMIT) return []
  if (schema.items) return membersOf(schema.items, `${prefix}[]`, depth + 1)
  const { properties = {}, required = [] } = schema
  return Object.entries(properties).flatMap(([name, property]) => {
    const path = prefix ? `${prefix}.${name}` : name
    const note = required.includes(name) ? 'required' : 'optional'
    const fact = { name: path, note, description: property.description ?? '', schema: property }
    return [fact, ...membersOf(property, path, depth + 1)]
  })
}

function renderFacts(facts: Fact[]): Html {
  return html`<dl class="facts">
${facts.map(renderFact)}</dl>`
}

function renderFact({ name, note, description, schema }: Fact): Html {
  const rule = ruleOf(schema)
  return html`<div><dt><code>${name}</code> <small>${note}${schema.deprecated && ', deprecated'}</small></dt>
<dd>${renderInline(description)}${
    rule &&
    html`
<small>${rule}</small>`
  }${schema.pattern && renderPattern(schema.pattern)}</dd></div>\n`
}

/** Regular expressions are long, and `x-expected` says the same in words. */
function renderPattern(pattern: string): Html {
  return html`
<details class="pattern"><summary>Pattern</summary>
<p><code>${pattern}</code></p></details>`
}

/** Describes the values that a schema accepts, in words. */
export function ruleOf(schema: DescribedSchema): string {
  const { type, format, enum: choices, anyOf, items, minimum, maximum } = schema
  if (anyOf) return anyOf.map(ruleOf).join(', or ')
  const parts = [
    items ? `array of ${ruleOf(items) || 'values'}` : type,
    format,
    schema['x-expected'],
    choices && `one of ${choices.map(String).join(', ')}`,
    describeRange(schema.minLength, schema.maxLength, 'characters'),
    describeRange(schema.minItems, schema.maxItems, 'items'),
    describeRange(minimum, maximum),
    schema.default !== undefined && `default ${JSON.stringify(schema.default)}`,
  ]
  return parts.filter(Boolean).join(' · ')
}

function describeRange(minimum?: number, maximum?: number, unit = ''): string | undefined {
  const write = (limit: number) => `${limit.toLocaleString('en')} ${unit}`.trim()
  if (minimum !== undefined && maximum !== undefined) {
    return `${minimum.toLocaleString('en')} to ${write(maximum)}`
  }
  if (minimum !== undefined) return `at least ${write(minimum)}`
  return maximum === undefined ? undefined : `at most ${write(maximum)}`
}

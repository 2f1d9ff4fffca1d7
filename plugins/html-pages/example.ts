/** The JSON Schema keywords from which examples and forms are generated. */
export interface Schema {
  title?: string
  type?: string
  format?: string
  contentMediaType?: string
  const?: unknown
  default?: unknown
  enum?: readonly unknown[]
  examples?: readonly unknown[]
  properties?: Record<string, Schema>
  required?: readonly string[]
  items?: Schema
  anyOf?: readonly Schema[]
  minimum?: number
}

const EXAMPLES_BY_FORMAT: Record<string, string> = {
  'date-time': '2026-01-01T00:00:00Z',
  uuid: '00000000-0000-4000-8000-000000000000',
}

/** Returns the example or default of a schema, otherwise a value of its type; a string is the member's name. */
export function exampleOf(schema: Schema, name = 'text'): unknown {
  const [variant] = schema.anyOf ?? []
  const given = [schema.const, schema.examples?.[0], schema.default, schema.enum?.[0]]
  return (
    given.find((value) => value !== undefined) ??
    (variant ? exampleOf(variant, name) : makeValue(schema, name))
  )
}

function makeValue(schema: Schema, name: string): unknown {
  if (schema.type === 'object' || schema.type === undefined) return makeObject(schema)
  if (schema.type === 'array') return schema.items ? [exampleOf(schema.items, name)] : []
  if (schema.type === 'string') return EXAMPLES_BY_FORMAT[schema.format ?? ''] ?? name
  if (schema.type === 'boolean') return true
  if (schema.type === 'null') return null
  return schema.minimum ?? 1
}

/** Returns an object with the required members, or with all members if none is required. */
function makeObject({ properties = {}, required = Object.keys(properties) }: Schema) {
  return Object.fromEntries(required.map((name) => [name, exampleOf(properties[name] ?? {}, name)]))
}

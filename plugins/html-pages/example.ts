/** As much of a JSON Schema as an example is made from. */
export interface Schema {
  type?: string
  format?: string
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

const TEXTS: Record<string, string> = {
  'date-time': '2026-01-01T00:00:00Z',
  uuid: '00000000-0000-4000-8000-000000000000',
}

/**
 * Makes a value that a form can begin with: the schema's own example or default, or else one of its
 * type, a text being its name.
 *
 * @param name of the member that the value is for.
 */
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
  if (schema.type === 'string') return TEXTS[schema.format ?? ''] ?? name
  if (schema.type === 'boolean') return true
  if (schema.type === 'null') return null
  return schema.minimum ?? 1
}

/** An object with what it must have; or with all that it may, where it must have nothing. */
function makeObject({ properties = {}, required = Object.keys(properties) }: Schema) {
  return Object.fromEntries(required.map((name) => [name, exampleOf(properties[name] ?? {}, name)]))
}

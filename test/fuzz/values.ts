import fc from 'fast-check'

/** Keywords of JSON Schema that the routes use. */
export interface JsonSchema {
  type?: string
  enum?: unknown[]
  anyOf?: JsonSchema[]
  properties?: Record<string, JsonSchema>
  patternProperties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  pattern?: string
  format?: string
  minItems?: number
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
}

/** Placeholder for the id in the path. It is replaced when the request is sent. */
export const ID = '{id}'

/** Text that software often mishandles. */
const ODD_TEXT = ['', ' ', '\0', '\u2028', '\r\n', '\ufffe', '\u202e', '__proto__', 'constructor']

/** Generates any Unicode text. */
export const text = fc.oneof(
  { weight: 4, arbitrary: fc.string({ maxLength: 20 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 10 }) },
  { weight: 1, arbitrary: fc.constantFrom(...ODD_TEXT) },
)

/** Generates a value in a quarter of the cases, otherwise undefined. */
export function seldom<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary })
}

/** Generates values that match a schema. */
export function valuesOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(valuesOf))
  switch (schema.type) {
    case 'string':
      return stringOf(schema)
    case 'integer':
      return fc.integer({
        min: schema.minimum ?? Number.MIN_SAFE_INTEGER,
        max: schema.maximum ?? Number.MAX_SAFE_INTEGER,
      })
    case 'number':
      return fc.integer().map((value) => value / 100)
    case 'array':
      return fc.array(valuesOf(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: 5,
      })
    case 'object':
      return objectOf(schema)
    default:
      return fc.jsonValue({ maxDepth: 2 })
  }
}

/** Maximum length of generated text, in characters. The tests of the body limit cover longer text. */
const MAX_LENGTH = 1_000

function stringOf({ format, pattern = '', minLength = 0, maxLength = MAX_LENGTH }: JsonSchema) {
  if (format === 'uuid') return fc.uuid()
  const expected = new RegExp(pattern)
  const longest = fc
    .constantFrom('x', 'é', '😀')
    .map((each) => each.repeat(Math.min(maxLength, MAX_LENGTH)))
  return fc
    .oneof({ weight: 20, arbitrary: text }, { weight: 1, arbitrary: longest })
    .filter((value) => [...value].length >= minLength && expected.test(value))
}

function objectOf(schema: JsonSchema) {
  const { required = [] } = schema
  const members = membersOf(schema).map(([name, member]) => {
    const value = valuesOf(member)
    return [name, required.includes(name) || name === ID ? value : seldom(value)]
  })
  return fc.record(Object.fromEntries(members))
}

/** Returns the members of an object schema. A record has one member, whose name is the id in the path. */
export function membersOf(schema: JsonSchema): [string, JsonSchema][] {
  const [ofRecord] = Object.values(schema.patternProperties ?? {})
  return [
    ...Object.entries(schema.properties ?? {}),
    ...(ofRecord ? [[ID, ofRecord] as const] : []),
  ] as [string, JsonSchema][]
}

import fc from 'fast-check'

/** Keywords of JSON Schema that the routes use. */
export interface JsonSchema {
  type?: string
  enum?: unknown[]
  anyOf?: JsonSchema[]
  properties?: Record<string, JsonSchema>
  patternProperties?: Record<string, JsonSchema>
  required?: string[]
  examples?: unknown[]
  items?: JsonSchema
  pattern?: string
  format?: string
  minItems?: number
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  /** Path of the list of the resources to which an id refers. */
  'x-references'?: string
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
  if (schema['x-references']) return referencesOf(schema)
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
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
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

/** Generates ids of other resources, which mostly are those of the examples. */
function referencesOf({ examples = [], minimum = 1, maximum = 1 }: JsonSchema) {
  return fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...examples) },
    { weight: 1, arbitrary: fc.integer({ min: minimum, max: maximum }) },
  )
}

/** Maximum length of generated text, in characters. The tests of the body limit cover longer text. */
const MAX_LENGTH = 1_000

/** Times whose years have four digits. */
const dates = fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true })

/** Generators of the formats that random text seldom has. They are created when needed, since `webUrl` takes seconds. */
const FORMATS: Record<string, () => fc.Arbitrary<string>> = {
  date: () => dates.map((date) => date.toISOString().slice(0, 10)),
  'date-time': () => dates.map((date) => date.toISOString()),
  time: () => dates.map((date) => date.toISOString().slice(11)),
  email: () => fc.emailAddress(),
  uri: () => fc.webUrl(),
  uuid: () => fc.uuid(),
}

function stringOf(schema: JsonSchema): fc.Arbitrary<string> {
  const { format = '', pattern = '', minLength = 0, maxLength = MAX_LENGTH, examples = [] } = schema
  const longest = fc
    .constantFrom('x', 'é', '😀')
    .map((each) => each.repeat(Math.min(maxLength, MAX_LENGTH)))
  const any = fc.oneof({ weight: 20, arbitrary: text }, { weight: 1, arbitrary: longest })
  // The service compiles patterns with the flag `u` too.
  const expected = new RegExp(pattern, 'u')
  return (FORMATS[format]?.() ?? matching(expected, examples) ?? any).filter((value) => {
    const length = [...value].length
    return length >= minLength && length <= maxLength && expected.test(value)
  })
}

const TEXTS = fc.sample(text, { seed: 1, numRuns: 100 })

/**
 * Generates text that matches a pattern. Returns undefined if most text matches.
 *
 * @throws {Error} for a pattern that fast-check cannot read, if the schema has no examples
 */
function matching(pattern: RegExp, examples: unknown[]): fc.Arbitrary<string> | undefined {
  if (TEXTS.filter((each) => pattern.test(each)).length > 50) return undefined
  if (examples.length > 0) return fc.constantFrom(...examples.map(String))
  try {
    return fc.stringMatching(pattern)
  } catch (cause) {
    const problem = `the tests cannot generate text for the pattern ${pattern.source}`
    throw new Error(`${problem}: give its schema examples`, { cause })
  }
}

/** Generates objects: of any members, or like an example, which few constraints of the database forbid. */
function objectOf(schema: JsonSchema) {
  const { required = [], examples = [] } = schema
  const members = membersOf(schema)
  const any = members.map(([name, member]) => {
    const value = valuesOf(member)
    return [name, required.includes(name) || name === ID ? value : seldom(value)]
  })
  const like = examples.map((example) =>
    fc.record(Object.fromEntries(membersLike(example, members))),
  )
  return fc.oneof(
    fc.record(Object.fromEntries(any)),
    ...like.map((arbitrary) => ({ weight: 2, arbitrary })),
  )
}

/** Returns the members of an example, which have its values or others. */
function membersLike(example: unknown, members: [string, JsonSchema][]) {
  return Object.entries(Object(example)).map(([name, value]) => {
    const [, schema] = members.find((each) => each[0] === name) ?? []
    const same = fc.constant(value)
    // Most values differ, since another resource may have that of the example.
    const any = schema && { weight: 2, arbitrary: valuesOf(schema) }
    return [name, any ? fc.oneof(same, any) : same]
  })
}

/** Returns the members of an object schema. A record has one member, whose name is the id in the path. */
export function membersOf(schema: JsonSchema): [string, JsonSchema][] {
  const [ofRecord] = Object.values(schema.patternProperties ?? {})
  return [
    ...Object.entries(schema.properties ?? {}),
    ...(ofRecord ? [[ID, ofRecord] as const] : []),
  ] as [string, JsonSchema][]
}

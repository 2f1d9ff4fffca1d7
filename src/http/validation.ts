import { type Static, type TSchema, Type } from 'typebox'
import { Compile } from 'typebox/compile'

/** One reason why a value does not fit its schema. */
export const Violation = Type.Object(
  {
    in: Type.String({
      description: 'The part of the request: params, querystring, headers or body',
    }),
    pointer: Type.String({ description: 'The failing member, as a JSON Pointer (RFC 6901)' }),
    message: Type.String({ description: 'What was expected of it' }),
  },
  { title: 'Violation' },
)
export type Violation = Static<typeof Violation>

type Violations = Omit<Violation, 'in'>[]
export type Validator = (value: unknown) => { value: unknown } | { error: ValidationError }

/** As many violations as a client is told of: a body can have one for each of its members. */
export const TOLD = 20

/** A value that does not fit its schema. `violations` holds the reasons, not the first alone. */
export class ValidationError extends Error {
  readonly violations: Violations
  constructor(violations: Violations) {
    const told = violations.slice(0, TOLD)
    super(told.map(({ pointer, message }) => `${pointer} ${message}`).join('; '))
    this.violations = told
  }

  /** The violations as a client is told them, with the part of the request that they are in. */
  violationsIn(part: string): Violation[] {
    return this.violations.map((violation) => ({ in: part, ...violation }))
  }
}

/**
 * Compiles a schema once into a function that checks one part of a request (params, querystring,
 * headers or body) against it.
 *
 * A body is taken as it is. The other parts arrive as text: where the schema wants a number or a
 * boolean, decimal notation and `true`/`false` are converted, and nothing else is.
 */
export function compileValidator(schema: TSchema, part: string): Validator {
  const compiled = Compile(schema)
  const convert = part === 'body' ? (value: unknown) => value : textConverter(schema)
  return (input) => {
    const value = convert(input)
    if (compiled.Check(value)) return { value }
    return { error: new ValidationError(describe(schema, compiled.Errors(value))) }
  }
}

const DECIMAL_INTEGER = /^(?:0|-?[1-9]\d*)$/
const DECIMAL_FRACTION = /^-?(?:0|[1-9]\d*)\.\d+$/

/** Text that is no plain decimal (`0x10`, `1e3`, 2^53+1) stays text, for the schema to refuse. */
const CONVERSIONS: Record<string, (text: string) => unknown> = {
  integer: toInteger,
  number: (text) => (DECIMAL_FRACTION.test(text) ? Number(text) : toInteger(text)),
  boolean: (text) => (text === 'true' ? true : text === 'false' ? false : text),
}

function toInteger(text: string): number | string {
  return DECIMAL_INTEGER.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : text
}

/** Gives a function that copies a record of strings, its members converted as the schema's types ask. */
function textConverter(schema: TSchema) {
  const properties: [string, { type?: string }][] = Object.entries(
    Type.IsObject(schema) ? schema.properties : {},
  )
  const conversions = properties.flatMap(([name, { type }]) => {
    const convert = CONVERSIONS[type ?? '']
    return convert ? [{ name, convert }] : []
  })
  return (input: unknown) => {
    const values = { ...(input as Record<string, unknown>) } // the router gives a record
    for (const { name, convert } of conversions) {
      const text = values[name]
      if (typeof text === 'string') values[name] = convert(text)
    }
    return values
  }
}

/** What a pattern asks for in words, where the schema has them as `x-expected`. */
function expectation(schema: TSchema, schemaPath: string): string | undefined {
  let node: unknown = schema
  for (const key of schemaPath.split('/').slice(1)) node = Object(node)[key]
  const expected: unknown = Object(node)['x-expected']
  return expected === undefined ? undefined : `must be ${expected}`
}

/** A member's name, as a JSON Pointer has it (RFC 6901 §3). */
export function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}

interface SchemaError {
  keyword: string
  instancePath: string
  schemaPath: string
  message: string
  params: object
}

/** Names the failing member itself: an absent one by its own pointer, a choice once and not per branch. */
function describe(schema: TSchema, errors: SchemaError[]): Violations {
  return errors.flatMap(({ keyword, instancePath, schemaPath, message, params }) => {
    if (keyword === 'additionalProperties' || /\/(?:any|one)Of\/\d+/.test(schemaPath)) return []
    if (keyword === 'boolean') return [{ pointer: instancePath, message: 'is unknown' }]
    if ('requiredProperties' in params && Array.isArray(params.requiredProperties)) {
      return params.requiredProperties.map((name: string) => ({
        pointer: `${instancePath}/${escapePointer(name)}`,
        message: 'is required',
      }))
    }
    if (keyword === 'pattern')
      return [{ pointer: instancePath, message: expectation(schema, schemaPath) ?? message }]
    const choices =
      'allowedValues' in params ? `: ${String(params.allowedValues).replaceAll(',', ', ')}` : ''
    return [{ pointer: instancePath, message: message + choices }]
  })
}

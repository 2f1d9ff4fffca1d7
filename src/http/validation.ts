import { type Static, type TSchema, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { shorten } from './shorten.ts'

/** A member of a request that does not match its schema. */
export const Violation = Type.Object(
  {
    in: Type.String({
      description: 'Part of the request: params, querystring, headers or body',
    }),
    pointer: Type.String({
      description: 'JSON Pointer of the invalid member (RFC 6901); a long pointer is cut',
    }),
    message: Type.String({ description: 'Requirement that is not met' }),
  },
  { title: 'Violation' },
)
export type Violation = Static<typeof Violation>

type Violations = Omit<Violation, 'in'>[]
export type Validator = (value: unknown) => { value: unknown } | { error: ValidationError }

/** Maximum number of violations in one error, since every member of a body can be invalid. */
export const MAX_VIOLATIONS = 20

/** Maximum length of a JSON Pointer in an error, in characters, since the name of a member can be as long as the body. */
const MAX_POINTER_LENGTH = 1_000

/** Cuts a long JSON Pointer, but not within an escape such as `~0`. */
export function shortenPointer(pointer: string): string {
  const isWithinEscape = pointer[MAX_POINTER_LENGTH - 1] === '~'
  return shorten(pointer, isWithinEscape ? MAX_POINTER_LENGTH - 1 : MAX_POINTER_LENGTH)
}

/** Thrown if a value does not match its schema; contains up to `MAX_VIOLATIONS` violations. */
export class ValidationError extends Error {
  readonly violations: Violations
  constructor(violations: Violations) {
    const reported = violations
      .slice(0, MAX_VIOLATIONS)
      .map(({ pointer, message }) => ({ pointer: shortenPointer(pointer), message }))
    super(reported.map(({ pointer, message }) => `${pointer} ${message}`).join('; '))
    this.violations = reported
  }

  /** Returns the violations for an error document. */
  violationsIn(part: string): Violation[] {
    return this.violations.map((violation) => ({ in: part, ...violation }))
  }
}

/** Compiled schemas. Routes, and also several apps in one process, have many schemas in common. */
const validators = new WeakMap<TSchema, ReturnType<typeof Compile>>()

/**
 * Compiles a schema into a function that validates a part of a request.
 *
 * Bodies are not converted. The other parts contain only text, so numbers in decimal notation, `true` and `false` are
 * converted to the type in the schema.
 *
 * @param part params, querystring, headers or body
 */
export function compileValidator(schema: TSchema, part: string): Validator {
  const compiled = validators.get(schema) ?? Compile(schema)
  validators.set(schema, compiled)
  const convert = part === 'body' ? (value: unknown) => value : textConverter(schema)
  return (input) => {
    const value = convert(input)
    if (compiled.Check(value)) return { value }
    return { error: new ValidationError(violationsOf(schema, compiled.Errors(value))) }
  }
}

/** Compiles a schema into a function that returns a value, or throws a `ValidationError` if the value does not match. */
export function compileReader<Schema extends TSchema>(
  schema: Schema,
): (value: unknown) => Static<Schema> {
  const validate = compileValidator(schema, 'body')
  return (value) => {
    const result = validate(value)
    if ('error' in result) throw result.error
    return value as Static<Schema> // the value matches the schema
  }
}

const DECIMAL_INTEGER = /^(?:0|-?[1-9]\d*)$/
const DECIMAL_FRACTION = /^-?(?:0|[1-9]\d*)\.\d+$/

/** Conversions by type. Other text, such as `0x10`, `1e3` or 2^53 + 1, is not converted, so the schema refuses it. */
const CONVERSIONS: Record<string, (text: string) => unknown> = {
  integer: toInteger,
  number: (text) => (DECIMAL_FRACTION.test(text) ? Number(text) : toInteger(text)),
  boolean: (text) => (text === 'true' ? true : text === 'false' ? false : text),
}

function toInteger(text: string): number | string {
  return DECIMAL_INTEGER.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : text
}

interface ParameterSchema {
  type?: string
  items?: ParameterSchema
}

/** Returns a function that copies a record of strings and converts the members to the schema's types. */
function textConverter(schema: TSchema) {
  const properties: [string, ParameterSchema][] = Object.entries(
    Type.IsObject(schema) ? schema.properties : {},
  )
  const conversions = properties.flatMap(([name, property]) => {
    const convert = conversionOf(property)
    return convert ? [{ name, convert }] : []
  })
  return (input: unknown) => {
    const values = { ...(input as Record<string, unknown>) } // Fastify passes a record
    for (const { name, convert } of conversions) {
      const value = values[name]
      if (value !== undefined) values[name] = convert(value)
    }
    return values
  }
}

/** Returns the conversion of a parameter; undefined for text. An array has one item for each time it is repeated. */
function conversionOf({ type = '', items }: ParameterSchema) {
  if (type === 'array') {
    const convert = conversionOf({ ...items }) ?? ((value: unknown) => value)
    return (value: unknown): unknown => [value].flat().map(convert)
  }
  const convert = CONVERSIONS[type]
  return convert && ((value: unknown) => (typeof value === 'string' ? convert(value) : value))
}

/** Escapes a name for a JSON Pointer (RFC 6901 §3). */
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

/** Returns the violation of an object, at this path, that lacks a member. */
export function missingMember(path: string, name: string): Omit<Violation, 'in'> {
  return { pointer: `${path}/${escapePointer(name)}`, message: 'is required' }
}

/** Returns one violation for each invalid or missing member. A union gets one, not one for each branch. */
function violationsOf(schema: TSchema, errors: SchemaError[]): Violations {
  return errors.flatMap(({ keyword, instancePath, schemaPath, message, params }) => {
    if (keyword === 'additionalProperties' || /\/(?:any|one)Of\/\d+/.test(schemaPath)) return []
    if (keyword === 'boolean') return [{ pointer: instancePath, message: 'is unknown' }]
    if ('requiredProperties' in params && Array.isArray(params.requiredProperties)) {
      return params.requiredProperties.map((name: string) => missingMember(instancePath, name))
    }
    if (keyword === 'pattern') {
      return [{ pointer: instancePath, message: expectedBy(schema, schemaPath) ?? message }]
    }
    const choices = 'allowedValues' in params ? `: ${[params.allowedValues].flat().join(', ')}` : ''
    return [{ pointer: instancePath, message: message + choices }]
  })
}

/** Returns the `x-expected` of a schema, which describes the pattern in words. */
function expectedBy(schema: TSchema, schemaPath: string): string | undefined {
  let node: unknown = schema
  for (const key of schemaPath.split('/').slice(1)) node = Object(node)[key]
  const expected: unknown = Object(node)['x-expected']
  return expected === undefined ? undefined : `must be ${expected}`
}

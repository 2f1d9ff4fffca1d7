import type { TObject, TSchema } from 'typebox'
import type { Field } from '../storage/list.ts'
import { multiLine } from './property-schemas.ts'

/** Keywords of the schemas that members have. */
interface Schema {
  type?: string
  format?: string
  pattern?: string
  anyOf?: Schema[]
  enum?: unknown[]
  const?: unknown
}

/**
 * Returns the type and the schema of a member by which a list is sorted or filtered.
 *
 * @throws {TypeError} for a member that is neither text, a number nor a boolean
 */
export function memberOf(
  { properties, required }: TObject,
  name: string,
): { field: Field; schema: TSchema } {
  const schema: Schema = properties[name] ?? {}
  const types = new Set<string>(alternativesOf(schema).map(typeOf))
  const isNullable = types.delete('null') || !required?.includes(name)
  const type = [...types].join(' or ')
  if (!isFieldType(type)) {
    throw new TypeError(
      `a list cannot be sorted or filtered by ${name}: its schema must be a text, a number or a boolean`,
    )
  }
  return { field: { type, isNullable }, schema }
}

/** Maximum length of a text in a query, in characters, if the schema of the member has no limit. */
const MAX_TEXT_LENGTH = 1_000

/**
 * Returns the schema of a member without null, for a query parameter. Text must be such that the database can store it.
 * `type` is present even in a schema with choices, since text is converted by it.
 */
export function valueSchemaOf(schema: Schema & TSchema, fieldType: Field['type']): TSchema {
  const type = fieldType === 'text' || fieldType === 'time' ? 'string' : fieldType
  if (schema.anyOf) {
    const choices = schema.anyOf.filter((each) => typeOf(each) !== 'null')
    return choices.length === 1
      ? valueSchemaOf({ ...choices[0] }, fieldType)
      : { type, anyOf: choices }
  }
  if (schema.enum) return { type, enum: schema.enum }
  if (type !== 'string') return schema
  if (schema.format || schema.pattern) return { maxLength: MAX_TEXT_LENGTH, ...schema }
  return { ...multiLine(MAX_TEXT_LENGTH, ''), ...schema }
}

const FIELD_TYPES: readonly string[] = ['text', 'time', 'integer', 'number', 'boolean']

function isFieldType(type: string): type is Field['type'] {
  return FIELD_TYPES.includes(type)
}

function alternativesOf(schema: Schema): Schema[] {
  return (
    schema.anyOf?.flatMap(alternativesOf) ??
    schema.enum?.map((value): Schema => ({ const: value })) ?? [schema]
  )
}

function typeOf(schema: Schema): string {
  const type = schema.type ?? typeof schema.const
  if (type === 'string') return schema.format === 'date-time' ? 'time' : 'text'
  return type
}

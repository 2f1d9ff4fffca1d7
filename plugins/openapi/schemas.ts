import { isDeepStrictEqual } from 'node:util'
import type { Schema } from './openapi.ts'

/** Takes titled schemas out of a document, for each to stand in it once. */
export interface SchemaCollection {
  /** By title. */
  schemas: Record<string, Schema>
  /** Gives the same value with a reference in place of each titled schema. */
  collect(value: unknown): unknown
}

/**
 * Collects schemas by their titles. Two that differ cannot have one name: the second stays where it is.
 *
 * What is collected says besides how XML has it (`src/http/xml.ts`): the element of a document has the
 * title's name, and the items of a list are elements within that of the list.
 */
export function createCollection(): SchemaCollection {
  const schemas: Record<string, Schema> = {}

  function collect(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(collect)
    if (typeof value !== 'object' || value === null) return value
    const collected: Schema = Object.fromEntries(
      Object.entries(value).map(([name, member]) => [
        name,
        DATA.includes(name) ? member : collect(member),
      ]),
    )
    const schema = describeNumbers(describeList(collected))
    const { title } = schema
    if (typeof title !== 'string' || schema.type === undefined) return schema
    const named = {
      ...schema,
      ...(schema.type === 'object' && { xml: { name: elementOf(title) } }),
    }
    schemas[title] ??= named
    return isDeepStrictEqual(schemas[title], named)
      ? { $ref: `#/components/schemas/${title}` }
      : named
  }

  return { schemas, collect }
}

/** Keywords whose values are data, and no schemas. */
const DATA = ['default', 'enum', 'const', 'example', 'examples', 'required']

function elementOf(title: string): string {
  return title.charAt(0).toLowerCase() + title.slice(1)
}

function describeList(schema: Schema): Schema {
  const { type, items } = schema
  if (type !== 'array' || typeof items !== 'object') return schema
  return { ...schema, xml: { wrapped: true }, items: { ...items, xml: { name: 'item' } } }
}

/** JSON carries no more (RFC 8259 §6), and generators of code ask how wide a number is. */
function describeNumbers(schema: Schema): Schema {
  return schema.type === 'integer' ? { format: 'int64', ...schema } : schema
}

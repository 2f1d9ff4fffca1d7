import { isDeepStrictEqual } from 'node:util'
import type { Schema } from './openapi.ts'

/**
 * Makes each schema with a title a component, so that the document contains each schema only once. If two
 * different schemas have the same title, the second stays inline.
 *
 * Describes the XML that `src/http/xml.ts` writes: the root element is named after the title, and a list is an
 * element that contains an element for each item.
 */
export function createCollection() {
  /** Components by title. */
  const schemas: Record<string, Schema> = {}

  /** Returns a copy of the value, in which references replace the schemas that have a title. */
  function collect(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(collect)
    if (typeof value !== 'object' || value === null) return value
    const collected: Schema = Object.fromEntries(
      Object.entries(value).map(([name, member]) => [
        name,
        DATA_KEYWORDS.includes(name) ? member : collect(member),
      ]),
    )
    const schema = addNumberFormat(addXmlForm(collected))
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

/** Keywords whose values are data, not schemas. */
const DATA_KEYWORDS = ['default', 'enum', 'const', 'example', 'examples', 'required']

function elementOf(title: string): string {
  return title.charAt(0).toLowerCase() + title.slice(1)
}

function addXmlForm(schema: Schema): Schema {
  const { type, items } = schema
  if (type !== 'array' || typeof items !== 'object') return schema
  return { ...schema, xml: { wrapped: true }, items: { ...items, xml: { name: 'item' } } }
}

/** Adds `int64` to integers. Otherwise code generators choose 32 bits, but ids need up to 53 (RFC 8259 §6). */
function addNumberFormat(schema: Schema): Schema {
  return schema.type === 'integer' ? { format: 'int64', ...schema } : schema
}

/** Description of a header field in OpenAPI. */
export interface Header {
  description: string
  required?: boolean
  schema: Record<string, unknown>
  example?: string
}

/** Maximum size of a header section in bytes, and so of each header field. */
const MAX_LENGTH = 16_384

export interface HeaderOptions {
  required?: boolean
  /** Regular expression that the value must match. */
  pattern?: string
  maxLength?: number
}

/** Describes a header field whose value is text. */
export function header(
  description: string,
  example: string,
  { required = false, pattern, maxLength = MAX_LENGTH }: HeaderOptions = {},
): Header {
  const schema = { type: 'string', maxLength, ...(pattern !== undefined && { pattern }) }
  return { description, ...(required && { required }), schema, example }
}

export const REQUIRED = { required: true }

/** Patterns and examples for header fields of both requests and responses. */
export const ENTITY_TAG = '(?:W/)?"[!#-~]*"'
export const REQUEST_ID = '^[\\w.~+/=:-]{1,128}$'
export const EXAMPLE_TAG = '"3.9f86d081884c7d65-json"'
export const EXAMPLE_DATE = 'Sun, 06 Nov 1994 08:49:37 GMT'
export const EXAMPLE_ID = '8e5f2b1c-7a54-4f6e-9a0b-4d2f1c3e5a6b'

import { Type } from 'typebox'

/** Returns the schema of a resource's id: an integer that JSON parsers keep exactly (RFC 8259 §6). */
export function resourceId(resource: string, example = 1) {
  return Type.Integer({
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    description: `Id of the ${resource}`,
    examples: [example],
  })
}

/** Largest id that a client may choose. Leaves room for generated ids, which continue after the largest id in use. */
export const MAX_CHOSEN_ID = 1e12

/** Returns the schema of a time in UTC, to the millisecond (RFC 3339 §5.6). */
export function timestamp(description: string) {
  return Type.String({ format: 'date-time', description })
}

/** A character that every supported database can store: neither NUL nor an unpaired surrogate. */
const CHARACTER = '(?:[^\\u0000\\ud800-\\udfff]|[\\ud800-\\udbff][\\udc00-\\udfff])'

/** Returns the schema of text with any number of lines. `maxLength` is in characters. */
export function multiLine(maxLength: number, description: string) {
  const expected = 'Unicode text without NUL characters'
  return Type.String({ maxLength, pattern: `^${CHARACTER}*$`, 'x-expected': expected, description })
}

/** Characters that Unicode ignores or leaves blank. U+2800 is blank too, but no property says so. */
const BLANK = '\\p{White_Space}\\p{Default_Ignorable_Code_Point}\\p{Cf}\\u2800'

/** Returns the schema of one line of text with a visible character and without control characters. */
export function singleLine(maxLength: number, description: string) {
  const pattern = `^(?=[${BLANK}]*[^${BLANK}])(?:(?![\\u0001-\\u001f\\u007f-\\u009f\\u2028\\u2029])${CHARACTER})+$`
  const expected = 'one line of visible Unicode text without control characters'
  return Type.String({ minLength: 1, maxLength, pattern, 'x-expected': expected, description })
}

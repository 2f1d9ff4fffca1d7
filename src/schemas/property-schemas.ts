import { Type } from 'typebox'

/** The id of a stored resource: a whole number that JSON carries without loss (RFC 8259 §6). */
export function resourceId(description: string, example = 1) {
  return Type.Integer({
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    description: `${description}, by number`,
    examples: [example],
  })
}

/** The largest id that a client may choose: those that are counted go on from the largest there is. */
export const MAX_CHOSEN_ID = 1e12

/** A moment, in UTC to the millisecond (RFC 3339 §5.6). */
export function timestamp(description: string) {
  return Type.String({ format: 'date-time', description })
}

/** A character that every database keeps as it is: no NUL, and no half of a surrogate pair. */
const CHARACTER = '(?:[^\\u0000\\ud800-\\udfff]|[\\ud800-\\udbff][\\udc00-\\udfff])'

/** Text of any number of lines, up to so many characters. */
export function multiLine(maxLength: number, description: string) {
  const expected = 'Unicode text without NUL'
  return Type.String({ maxLength, pattern: `^${CHARACTER}*$`, 'x-expected': expected, description })
}

/** Text of one line that does not look empty, without control characters. */
export function singleLine(maxLength: number, description: string) {
  const pattern = `^(?=.*\\S)(?:(?![\\u0001-\\u001f\\u007f-\\u009f\\u2028\\u2029])${CHARACTER})+$`
  const expected = 'one line of Unicode text without control characters'
  return Type.String({ minLength: 1, maxLength, pattern, 'x-expected': expected, description })
}

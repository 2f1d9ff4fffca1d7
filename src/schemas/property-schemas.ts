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

/** Returns the schema of a date (RFC 3339 §5.6). */
export function date(description: string) {
  return Type.String({ format: 'date', maxLength: 10, description })
}

/** Returns the schema of a time of day with its offset from UTC (RFC 3339 §5.6). */
export function timeOfDay(description: string) {
  return Type.String({ format: 'time', maxLength: 30, description })
}

/** Returns the schema of a time that clients set: in UTC, to the millisecond, so that the texts sort by time. */
export function utcTime(description: string) {
  const pattern = '^.{10}T.{8}\\.\\d{3}Z$'
  const expected = 'a time in UTC, to the millisecond, such as 2027-01-31T09:00:00.000Z'
  return Type.String({
    format: 'date-time',
    maxLength: 24,
    pattern,
    'x-expected': expected,
    description,
  })
}

/** Returns the schema of an e-mail address in ASCII. The longest has 254 characters (RFC 5321 §4.5.3). */
export function emailAddress(description: string) {
  const expected = 'an e-mail address in ASCII'
  return Type.String({
    format: 'email',
    maxLength: 254,
    pattern: '^[!-~]+$',
    'x-expected': expected,
    description,
  })
}

/** Returns the schema of a URL with http or https (RFC 3986). */
export function webUrl(description: string) {
  return Type.String({
    format: 'uri',
    maxLength: 2_000,
    pattern: '^https?://',
    'x-expected': 'a URL with http or https',
    description,
  })
}

/** Returns the schema of a UUID in lower case, so that equal UUIDs are equal texts (RFC 9562 §4). */
export function uuid(description: string) {
  const expected = 'a UUID in lower case'
  return Type.String({
    format: 'uuid',
    maxLength: 36,
    pattern: '^[0-9a-f-]+$',
    'x-expected': expected,
    description,
  })
}

/**
 * Returns the schema of the id of another resource, which the database checks with a foreign key.
 *
 * @param path of the list of these resources, such as `/books`
 */
export function reference(path: string, description: string, example = 1) {
  return Type.Integer({ ...resourceId('', example), description, 'x-references': path })
}

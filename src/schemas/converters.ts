import { Type } from 'typebox'

/**
 * The tutorial's converters, as schemas for a path parameter: `<int:articleid>` is
 * `Type.Object({ articleId: int() })`. A value that does not fit is 400 with the parameter's name.
 */

/** As long as the router lets a parameter be, in characters: what is longer is 414. */
const SEGMENT_LIMIT = 100

/** As long as Node lets the head of a request be. */
const PATH_LIMIT = 16_384

/** Any text; a slash in it has to be percent-encoded. The default, as in the tutorial. */
export function string(description = 'Any text without a slash') {
  return Type.String({
    minLength: 1,
    maxLength: SEGMENT_LIMIT,
    description,
    examples: ['any text'],
  })
}

/** A whole number in decimal notation, as far as JSON carries one without loss (RFC 8259 §6). */
export function int(description = 'A whole number, in decimal notation') {
  return Type.Integer({
    minimum: Number.MIN_SAFE_INTEGER,
    maximum: Number.MAX_SAFE_INTEGER,
    description,
    examples: [42],
  })
}

/** A finite number in decimal notation, without exponent. */
export function float(description = 'A finite number, in decimal notation') {
  return Type.Number({ description, examples: [1.5] })
}

/** Any text, slashes included: the rest of the path. Belongs to the wildcard, `*`. */
export function path(description = 'The rest of the path, slashes included') {
  return Type.String({ minLength: 1, maxLength: PATH_LIMIT, description, examples: ['a/b'] })
}

/** A UUID (RFC 9562 §4). */
export function uuid(description = 'A UUID') {
  return Type.String({
    format: 'uuid',
    maxLength: 36,
    description,
    examples: ['8e5f2b1c-7a54-4f6e-9a0b-4d2f1c3e5a6b'],
  })
}

/** One of the given values. */
export function any<const Values extends string[]>(
  values: Values,
  description = 'One of the values',
) {
  return Type.Enum(values, { description, examples: values.slice(0, 1) })
}

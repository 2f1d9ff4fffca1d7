import { Type } from 'typebox'
import { MAX_TARGET_LENGTH } from '../http/framing.ts'

/**
 * The tutorial's converters, as schemas of path parameters: instead of `<int:articleid>`, write
 * `Type.Object({ articleId: int() })`. For a value that does not match, the client gets 400 with the parameter's name.
 */

/** Maximum length of the rest of a path: the maximum size of a request head in Node.js, in bytes. */
const PATH_LIMIT = 16_384

/** Any text; slashes must be percent-encoded. The tutorial's default converter. */
export function string(description = 'Any text without a slash') {
  return Type.String({
    minLength: 1,
    maxLength: MAX_TARGET_LENGTH,
    description,
    examples: ['any text'],
  })
}

/** An integer in decimal notation, in the range that JSON parsers keep exactly (RFC 8259 §6). */
export function int(description = 'An integer in decimal notation') {
  return Type.Integer({
    minimum: Number.MIN_SAFE_INTEGER,
    maximum: Number.MAX_SAFE_INTEGER,
    description,
    examples: [42],
  })
}

/** A finite number in decimal notation, without exponent. */
export function float(description = 'A finite number in decimal notation') {
  return Type.Number({ description, examples: [1.5] })
}

/** The rest of the path, including slashes, for the wildcard parameter `*`. */
export function path(description = 'The rest of the path, including slashes') {
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
  description = 'One of the listed values',
) {
  return Type.Enum(values, { description, examples: values.slice(0, 1) })
}

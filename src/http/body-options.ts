import { HttpError } from './http-error.ts'

/** Maximum nesting depth of JSON and XML bodies. Deeper bodies could overflow the stack. */
export const NESTING_LIMIT = 32

export interface BodyOptions {
  /** True if the bytes themselves are stored, so that JSON may have any number. */
  keepsBytes?: boolean | undefined
  /** Maximum number of JSON values, XML elements and attributes, or form fields; by default, there is no maximum. */
  maxValues?: number
}

/** Creates the error for a body that is larger than the limit of its route. */
export function bodyTooLarge(limitBytes: number): HttpError {
  return new HttpError('CONTENT_TOO_LARGE', `the body is larger than ${limitBytes} bytes`)
}

/** Creates the error for a body with too many values, which take more time than the same number of bytes in one value. */
export function tooManyValues(limit: number, what: string): HttpError {
  return new HttpError('CONTENT_TOO_LARGE', `the body has more than ${limit} ${what}`)
}

/**
 * Counts the matches in a text, and stops at the first over the limit.
 *
 * @param what names the matches, in the plural
 * @throws {HttpError} 413
 */
export function checkCount(text: string, pattern: RegExp, limit: number, what: string): void {
  let count = 0
  for (const _ of text.matchAll(pattern)) if (++count > limit) throw tooManyValues(limit, what)
}

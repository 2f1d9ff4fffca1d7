import { parse } from 'node:querystring'
import { type BodyOptions, checkCount } from './body-options.ts'
import { HttpError } from './http-error.ts'

/** Returns true if each `%` is followed by two hexadecimal digits (RFC 3986 §2.1) and the decoded text is UTF-8. */
export function isPercentEncoded(text: string): boolean {
  if (!text.includes('%')) return true
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

/**
 * Parses `application/x-www-form-urlencoded` (WHATWG URL §5.1) strictly.
 *
 * @returns values by name; a list of values if a name is repeated, as in a form with several choices
 * @throws {HttpError} 400 for malformed percent-encoding; 413 for too many fields
 */
export function parseForm(
  text: string,
  { maxValues = Number.POSITIVE_INFINITY }: BodyOptions = {},
): Record<string, string | string[] | undefined> {
  checkCount(text, /[^&]+/g, maxValues, 'form fields')
  if (!isPercentEncoded(text)) {
    throw new HttpError('BAD_REQUEST', 'the form is not valid percent-encoded UTF-8')
  }
  return parse(text, '&', '=', { maxKeys: 0 })
}

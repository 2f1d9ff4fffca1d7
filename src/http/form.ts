import { parse } from 'node:querystring'
import { HttpError } from './http-error.ts'

/**
 * Whether every percent-encoded sequence is two hexadecimal digits and all together are UTF-8
 * (RFC 3986 §2.1).
 */
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
 * Reads `application/x-www-form-urlencoded` (WHATWG URL §5.1), strictly.
 *
 * @returns the values by name; a list where a name is repeated, as a form with several choices does.
 * @throws {HttpError} 400 for malformed percent-encoding.
 */
export function parseForm(text: string): Record<string, string | string[] | undefined> {
  if (!isPercentEncoded(text)) {
    throw new HttpError('BAD_REQUEST', 'the form is not valid percent-encoded UTF-8')
  }
  return parse(text, '&', '=', { maxKeys: 0 })
}

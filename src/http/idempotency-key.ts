import { HttpError } from './http-error.ts'

/** A key in quotes: a String as in structured fields (RFC 9651 §3.3.3), without parameters. */
const QUOTED_KEY = /^"((?:[ !#-[\]-~]|\\["\\])*)"$/

/**
 * A key without quotes: visible ASCII except quotes, and except comma and semicolon, which separate list members and
 * parameters.
 */
const BARE_KEY = /^[!#-+\--:<-~]+$/

const MAX_KEY_LENGTH = 255

/**
 * Parses Idempotency-Key (draft-ietf-httpapi-idempotency-key-header-07 §2.1). The draft requires quotes, but most
 * clients send none, so a key is the same with and without quotes.
 *
 * Node joins repeated header fields with commas. Such a value is refused, since choosing one key would be a guess.
 *
 * @returns the key, 1 to 255 printable ASCII characters
 * @throws {HttpError} 400 for anything else
 */
export function parseIdempotencyKey(field: string): string {
  const quoted = QUOTED_KEY.exec(field)?.[1]?.replace(/\\(.)/g, '$1')
  const key = quoted ?? BARE_KEY.exec(field)?.[0] ?? ''
  if (key.length >= 1 && key.length <= MAX_KEY_LENGTH) return key
  throw new HttpError(
    'BAD_REQUEST',
    `Idempotency-Key must be one String of 1 to ${MAX_KEY_LENGTH} printable ASCII characters`,
  )
}

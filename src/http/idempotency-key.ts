import { HttpError } from './http-error.ts'

/** A String of Structured Fields (RFC 9651 §3.3.3), without parameters. */
const QUOTED_KEY = /^"((?:[ !#-[\]-~]|\\["\\])*)"$/

/** A key without quotes: visible ASCII, except comma, semicolon and quote, which would mean a list or parameters. */
const BARE_KEY = /^[!#-+\--:<-~]+$/

const MAX_KEY_LENGTH = 255

/**
 * Parses Idempotency-Key (draft-ietf-httpapi-idempotency-key-header-07 §2.1). Most clients send the key
 * without the quotes of the draft: both spellings are the same key.
 *
 * A repeated field arrives joined by a comma and is refused: choosing one of the keys would be a guess.
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

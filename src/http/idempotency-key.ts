import { HttpError } from './http-error.ts'

/** A String of Structured Fields (RFC 9651 §3.3.3), whole: without parameters, and no list. */
const STRING = /^"((?:[ !#-[\]-~]|\\["\\])*)"$/

/** A key without its quotes: visible ASCII, save what would make the field a list or give it parameters. */
const BARE = /^[!#-+\--:<-~]+$/

const LONGEST = 255

/**
 * Reads the value of Idempotency-Key (draft-ietf-httpapi-idempotency-key-header-07 §2.1). Most clients
 * send the key without the quotes of the draft: both spellings are the same key.
 *
 * @returns the key, of 1 to 255 printable ASCII characters.
 * @throws {HttpError} 400 for anything else. Of a field that was sent twice, which arrives joined by a
 * comma, no half is taken: to guess at a key would be to guess at a write.
 */
export function parseIdempotencyKey(field: string): string {
  const quoted = STRING.exec(field)?.[1]?.replace(/\\(.)/g, '$1')
  const key = quoted ?? BARE.exec(field)?.[0] ?? ''
  if (key.length >= 1 && key.length <= LONGEST) return key
  throw new HttpError(
    'BAD_REQUEST',
    `Idempotency-Key must be one String of 1 to ${LONGEST} printable ASCII characters`,
  )
}

/**
 * Preparation of user names and passwords (RFC 8265), so that texts that look the same are the same. A keyboard of
 * macOS may send `ä` as two code points, and a keyboard of Windows as one.
 */

/** Control characters, which credentials must not contain (RFC 7617 §2). */
const CONTROL = /\p{Cc}/u

/** Marks bytes that somebody else's decoder could not decode. A client never sends this name. */
const REPLACEMENT = '\uFFFD'

/**
 * Returns the text in which a password is hashed and compared: each space is U+0020, in normalization form C (the
 * profile OpaqueString, RFC 8265 §4.2). Returns undefined for a text that cannot be a password.
 */
export function preparePassword(text: string): string | undefined {
  if (!text || CONTROL.test(text)) return undefined
  return text.replace(/\p{Zs}/gu, ' ').normalize('NFC')
}

/** Returns a user name as it is compared, in normalization form C; undefined for a text that cannot be a name. */
export function prepareName(text: string): string | undefined {
  if (!text || CONTROL.test(text) || text.includes(REPLACEMENT)) return undefined
  return text.normalize('NFC')
}

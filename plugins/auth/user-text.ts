/**
 * Preparation of user names and passwords (RFC 8265), so that texts that look the same are the same. A keyboard of
 * macOS may send `ä` as two code points, and a keyboard of Windows as one.
 */

/** Control characters, which credentials must not contain (RFC 7617 §2). */
const CONTROL = /\p{Cc}/u

/** Stands for bytes that are not UTF-8 (RFC 7617 §2.1). It is refused, since all such bytes would be the same. */
const REPLACEMENT = '\uFFFD'

function isText(text: string): boolean {
  return text !== '' && !CONTROL.test(text) && !text.includes(REPLACEMENT)
}

/**
 * Returns the text in which a password is hashed and compared: each space is U+0020, in normalization form C (the
 * profile OpaqueString, RFC 8265 §4.2). Returns undefined for a text that cannot be a password.
 */
export function preparePassword(text: string): string | undefined {
  if (!isText(text)) return undefined
  return text.replace(/\p{Zs}/gu, ' ').normalize('NFC')
}

/** Returns a user name as it is compared, in normalization form C; undefined for a text that cannot be a name. */
export function prepareName(text: string): string | undefined {
  return isText(text) ? text.normalize('NFC') : undefined
}

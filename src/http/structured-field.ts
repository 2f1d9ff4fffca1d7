/** A String, an Integer or a Boolean (RFC 9651 §3.3). */
type BareItem = string | number | boolean

/**
 * Writes a member of a Dictionary (RFC 9651 §4.1.2): an item or a list of Strings, with parameters,
 * of which those without a value are left out.
 *
 * @param key and the names of the parameters are ours, in lower case; text may be a client's.
 */
export function writeMember(
  key: string,
  value: BareItem | string[],
  parameters: Record<string, BareItem | undefined> = {},
): string {
  const written = Object.entries(parameters).map(([name, parameter]) =>
    parameter === undefined ? '' : `;${writePair(name, parameter)}`,
  )
  return writePair(key, value) + written.join('')
}

/** What is true is its name alone (RFC 9651 §4.1.1.2, §4.1.2). */
function writePair(key: string, value: BareItem | string[]): string {
  return value === true ? key : `${key}=${writeItem(value)}`
}

function writeItem(value: BareItem | string[]): string {
  if (Array.isArray(value)) return `(${value.map(writeString).join(' ')})`
  if (typeof value === 'string') return writeString(value)
  return value === false ? '?0' : String(value)
}

/** The longest text that is written: a client's may be as long as its request. */
const LONGEST = 200

/**
 * Writes a String (RFC 9651 §4.1.6), which holds printable ASCII: anything else is percent-encoded,
 * and what is too long ends in an ellipsis.
 */
function writeString(text: string): string {
  const ascii = text
    .toWellFormed()
    .replace(/[^ -~]/gu, (character) => encodeURIComponent(character))
  const shown = ascii.length > LONGEST ? `${ascii.slice(0, LONGEST)}...` : ascii
  return `"${shown.replace(/["\\]/g, '\\$&')}"`
}

/** A String, an Integer or a Boolean (RFC 9651 §3.3). */
type BareItem = string | number | boolean

/**
 * Serializes a member of a Dictionary (RFC 9651 §4.1.2): an item or a list of Strings, with parameters.
 * Values may come from clients, but keys and names must not, since they are not escaped.
 *
 * @param parameters parameters that are undefined are left out
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

/** Writes `key=value`, or only the key if the value is true (RFC 9651 §4.1.1.2, §4.1.2). */
function writePair(key: string, value: BareItem | string[]): string {
  return value === true ? key : `${key}=${writeItem(value)}`
}

function writeItem(value: BareItem | string[]): string {
  if (Array.isArray(value)) return `(${value.map(writeString).join(' ')})`
  if (typeof value === 'string') return writeString(value)
  return value === false ? '?0' : String(value)
}

/** Longer text is cut, since text from a client may be as long as the request. */
const MAX_STRING_LENGTH = 200

/**
 * Serializes a String (RFC 9651 §4.1.6). Characters other than printable ASCII are percent-encoded. Text that is
 * too long is cut, and ends with an ellipsis.
 */
function writeString(text: string): string {
  const ascii = text
    .toWellFormed()
    .replace(/[^ -~]/gu, (character) => encodeURIComponent(character))
  const shown = ascii.length > MAX_STRING_LENGTH ? `${ascii.slice(0, MAX_STRING_LENGTH)}...` : ascii
  return `"${shown.replace(/["\\]/g, '\\$&')}"`
}

import { HttpError } from './http-error.ts'

const UTF_8 = 'utf-8'

/** Labels of ASCII. The Encoding standard reads them as windows-1252, but clients mean a subset of UTF-8. */
const ASCII = ['ascii', 'us-ascii', 'ansi_x3.4-1968']

/** Decoders by the name of the encoding. A decoder removes a byte order mark at the start of the text. */
const decoders = new Map([[UTF_8, new TextDecoder(UTF_8, { fatal: true })]])

/** Returns the name of the encoding of a charset label (WHATWG Encoding §4.2), such as `utf-8`; undefined if unknown. */
export function encodingOf(label: string): string | undefined {
  if (ASCII.includes(label.toLowerCase())) return UTF_8
  try {
    return new TextDecoder(label).encoding
  } catch {
    return undefined
  }
}

/**
 * Decodes text and removes a byte order mark at its start (RFC 3629 §6).
 *
 * @param label name from `encodingOf`; `utf-16le` is also the encoding of the label `utf-16`, of which a byte order mark
 * shows the order (RFC 2781 §4.3)
 * @throws {HttpError} 400 if the bytes are not valid in this encoding
 */
export function decodeText(bytes: Uint8Array, label = UTF_8): string {
  const encoding = label === 'utf-16le' && isBigEndian(bytes) ? 'utf-16be' : label
  const decoder = decoders.get(encoding) ?? new TextDecoder(encoding, { fatal: true })
  decoders.set(encoding, decoder)
  try {
    return decoder.decode(bytes)
  } catch {
    throw new HttpError('BAD_REQUEST', `the body is not valid ${encoding.toUpperCase()}`)
  }
}

function isBigEndian([first, second]: Uint8Array): boolean {
  return first === 0xfe && second === 0xff
}

/** Returns true if bytes of JSON or XML begin like UTF-16 or UTF-32: with a byte order mark or NUL bytes. */
export function isWide(bytes: Uint8Array): boolean {
  const [first, second] = bytes
  const isMarked = (first === 0xff && second === 0xfe) || isBigEndian(bytes)
  return isMarked || first === 0 || second === 0
}

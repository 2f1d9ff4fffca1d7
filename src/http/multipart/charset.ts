import { isUtf8 } from 'node:buffer'

/**
 * Decodes the names of a form. They are in UTF-8 (RFC 7578 §5.1), but old pages and clients send them in another charset,
 * mostly without saying so.
 *
 * @param label charset of a text that is not UTF-8, if the client sent it; windows-1252 by default
 */
export function decodeFormText(bytes: Buffer, label = ''): string {
  if (isUtf8(bytes)) return bytes.toString()
  return decodeCharset(bytes, label) ?? new TextDecoder('windows-1252').decode(bytes)
}

/** Decodes bytes in a charset with a label of the WHATWG Encoding standard; returns undefined for another label. */
export function decodeCharset(bytes: Buffer, label: string): string | undefined {
  try {
    return new TextDecoder(label).decode(bytes)
  } catch {
    return undefined
  }
}

/**
 * Content-Transfer-Encoding of a part (RFC 2045 §6). RFC 7578 §4.7 deprecates the header field for forms, but libraries
 * made for mail still send it.
 */
import { malformedMultipart } from './malformed.ts'

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2,3}={0,2})?$/

/** @throws {HttpError} 400 for an unknown encoding, or for content that is not encoded as it says */
export function decodeTransferEncoding(content: Buffer, encoding: string): Buffer {
  switch (encoding.toLowerCase()) {
    case '':
    case '7bit':
    case '8bit':
    case 'binary':
      return content
    case 'quoted-printable':
      return decodeQuotedPrintable(content.toString('latin1'))
    case 'base64': {
      const text = content.toString('latin1').replace(/\s+/g, '') // lines have at most 76 characters
      if (BASE64.test(text)) return Buffer.from(text, 'base64')
      throw malformedMultipart('a part with Content-Transfer-Encoding: base64 is not base64')
    }
  }
  throw malformedMultipart(
    `Content-Transfer-Encoding must be base64, quoted-printable, binary, 8bit or 7bit, not ${encoding}`,
  )
}

const EQUAL_SIGN = 0x3d

/** Values of hexadecimal digits, by the code of the character. */
const DIGITS = new Map(
  Array.from('0123456789abcdefABCDEF', (digit) => [
    digit.charCodeAt(0),
    Number.parseInt(digit, 16),
  ]),
)

/** Removes soft line breaks, and decodes `=` and two hexadecimal digits (RFC 2045 §6.7). */
export function decodeQuotedPrintable(text: string): Buffer {
  const bytes = Buffer.from(text.replace(/=[ \t]*\r\n/g, ''), 'latin1')
  let length = 0
  for (let index = 0; index < bytes.length; index++) {
    const byte = Number(bytes[index])
    const value = byte === EQUAL_SIGN ? hexValue(bytes, index + 1) : undefined
    bytes[length++] = value ?? byte // the decoded text is not longer than the text before it
    if (value !== undefined) index += 2
  }
  return bytes.subarray(0, length)
}

/** Returns the value of two hexadecimal digits, or undefined for other text. */
function hexValue(bytes: Buffer, index: number): number | undefined {
  const high = DIGITS.get(Number(bytes[index]))
  const low = DIGITS.get(Number(bytes[index + 1]))
  return high === undefined || low === undefined ? undefined : high * 16 + low
}

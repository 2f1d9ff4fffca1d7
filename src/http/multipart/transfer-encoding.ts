/**
 * Content-Transfer-Encoding of a part (RFC 2045 §6). RFC 7578 §4.7 deprecates the header field for forms, but libraries
 * made for mail still send it.
 */
import { malformedMultipart } from './malformed.ts'

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

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

/** Removes soft line breaks, and decodes `=` and two hexadecimal digits (RFC 2045 §6.7). */
export function decodeQuotedPrintable(text: string): Buffer {
  const decoded = text
    .replace(/=[ \t]*\r\n/g, '')
    .replace(/=([0-9A-F]{2})/gi, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16)))
  return Buffer.from(decoded, 'latin1')
}

/**
 * Content-Disposition of a part of a form (RFC 7578 §4.2). Clients write names in several ways, so this file reads
 * each of them:
 *
 * - browsers escape a quote as `%22`, and a backslash is an ordinary character (WHATWG HTML)
 * - Go, Perl, and curl before 7.81 escape quotes and backslashes with a backslash (RFC 2616 §2.2)
 * - Alamofire and others escape nothing
 * - others send `filename*` (RFC 8187), or the encoded words of mail (RFC 2047)
 */
import { decodeExtended, parse } from 'content-disposition'
import { decodeCharset } from './charset.ts'
import { malformedMultipart } from './malformed.ts'
import { decodeQuotedPrintable } from './transfer-encoding.ts'

const TOKEN = "[\\w!#$%&'*+.^`|~-]+"
const SPACE = '[ \\t]*'

/** A value in which every quote and backslash is escaped as in RFC 2616, or that has none. */
const IS_ESCAPED = new RegExp(
  `^${TOKEN}(?:${SPACE};${SPACE}${TOKEN}${SPACE}=${SPACE}(?:${TOKEN}|"(?:[^"\\\\]|\\\\.)*"))*${SPACE};?$`,
)

/** A quote that neither begins nor ends a value. */
const INNER_QUOTE = new RegExp(`(?<!;${SPACE}${TOKEN}${SPACE}=${SPACE})"(?!${SPACE}(?:;|$))`, 'g')

/** One or more encoded words, and nothing else. */
const ENCODED_WORDS = /^(?:=\?[^?\s]+\?[bq]\?[^?\s]*\?=\s*)+$/i

/**
 * Returns the name of a part and the name of its file, without folders.
 *
 * @throws {HttpError} 400 if there is no name, or if a file name cannot be decoded
 */
export function parseFormDisposition(field: string): {
  name: string
  fileName: string | undefined
} {
  const { type, parameters } = parse(withBrowserEscapes(field.trim()), {
    multipart: true,
    extended: false,
  })
  const valueNamed = (key: string): string | undefined => {
    const extended = decodeExtended(parameters[`${key}*`] ?? '')
    return extended ?? decodeWords(parameters[key])
  }
  const name = valueNamed('name')
  const fileName = valueNamed('filename')
  if (type !== 'form-data' || name === undefined) {
    throw malformedMultipart('each part needs Content-Disposition: form-data with a name')
  }
  // Without this check, the file would pass for a field.
  if (fileName === undefined && Object.keys(parameters).some((key) => key.startsWith('filename*')))
    throw malformedMultipart("filename* must be UTF-8'' and a percent-encoded name")
  // An encoded name can contain a NUL, which PostgreSQL cannot store.
  if (fileName?.includes('\0')) throw malformedMultipart('a file name contains a NUL character')
  return { name, fileName: fileName?.split(/[/\\]/).at(-1) }
}

/** Rewrites the quotes of other clients as browsers write them. */
function withBrowserEscapes(field: string): string {
  if (!IS_ESCAPED.test(field)) return field.replace(INNER_QUOTE, '%22')
  return field.replace(/\\([\\"])/g, (_, character) => (character === '"' ? '%22' : character))
}

/** Decodes encoded words. Their bytes are joined first, since Indy splits them within a character. */
function decodeWords(value: string | undefined): string | undefined {
  if (value === undefined || !ENCODED_WORDS.test(value)) return value
  const words = [...value.matchAll(/=\?([^?]+)\?([bq])\?([^?]*)/gi)]
  const bytes = words.map(([, , encoding, text = '']) =>
    encoding?.toLowerCase() === 'b'
      ? Buffer.from(text, 'base64')
      : decodeQuotedPrintable(text.replaceAll('_', ' ')),
  )
  return decodeCharset(Buffer.concat(bytes), String(words[0]?.[1])) ?? value
}

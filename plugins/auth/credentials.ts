/** Parsing of the Authorization header field: Basic (RFC 7617) and Bearer (RFC 6750). */
import { prepareName, preparePassword } from './user-text.ts'

/** Credentials as sent, not verified. The name and the password are prepared (see user-text.ts). */
export type Credentials =
  | { scheme: 'Basic'; name: string; password: string }
  | { scheme: 'Bearer'; token: string }

/** Matches the scheme in any case, spaces, and padded base64 (RFC 4648 §4). */
const BASIC = /^basic +(?! )((?:[a-z\d+/]{4})*(?:[a-z\d+/]{2}==|[a-z\d+/]{3}=)?) *$/i

/** Matches the scheme in any case, spaces, and a `b64token` (RFC 6750 §2.1). */
const BEARER = /^bearer +([\w.~+/-]+=*) *$/i

/** A lenient decoder would replace each invalid byte by U+FFFD, so that all invalid bytes would be the same. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Returns undefined for an Authorization header field without credentials, or with malformed credentials. */
export function parseCredentials(field: string): Credentials | undefined {
  const token = BEARER.exec(field)?.[1]
  if (token) return { scheme: 'Bearer', token }
  const [, name = '', secret = ''] = /^([^:]*):(.*)$/s.exec(decodeBasic(field)) ?? []
  const prepared = { name: prepareName(name), password: preparePassword(secret) }
  if (prepared.name === undefined || prepared.password === undefined) return undefined
  return { scheme: 'Basic', name: prepared.name, password: prepared.password }
}

/** Returns the user name and password of Basic credentials, with a colon between them; empty if they are malformed. */
function decodeBasic(field: string): string {
  try {
    return decoder.decode(Buffer.from(BASIC.exec(field)?.[1] ?? '', 'base64'))
  } catch {
    return '' // not UTF-8 (RFC 7617 §2.1)
  }
}

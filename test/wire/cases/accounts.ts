import { hashPassword } from '../../../plugins/auth/password.ts'
import { digestToken } from '../../../plugins/auth/token.ts'
import type { WireCase } from '../case.ts'

export const TOKEN = 'a.token~of+all/characters_-0=='

/** Passwords and tokens of the default account and of `ACCOUNTS`. Bare Fastify accepts all of them. */
export const PASSWORDS = ['admin:secret', 'writer:se:cr:et', 'zoë:pässwörd €']
export const TOKENS = ['secret-token', 'reader-token', TOKEN]

export const BOTH = 'Basic realm="Example", charset="UTF-8", Bearer realm="Example"'

export const UNAUTHENTICATED = { status: 401, message: 'Authenticate.' }

/** Encodes bytes in base64. Each character of the text is one byte. */
export function base64(credentials: string): string {
  return Buffer.from(credentials, 'latin1').toString('base64')
}

/** Returns true if a request has the scheme Bearer. Only then does the challenge have an error code (RFC 6750 §3.1). */
function sendsToken(bytes: string): boolean {
  return /^authorization: bearer(?: |\r)/im.test(bytes)
}

/** Expects 401 with both challenges and no other information. */
export function unauthorized(section: string, sent: string, bytes: string): WireCase {
  return {
    section,
    sent,
    bytes,
    statuses: [401],
    headers: {
      'www-authenticate': sendsToken(bytes) ? `${BOTH}, error="invalid_token"` : BOTH,
      allow: null,
      accept: null,
    },
    body: UNAUTHENTICATED,
  }
}

/** Environment variables with the accounts of these tests. Only `writer` has the scope `write`. */
export const ACCOUNTS = {
  AUTH_USERS: [
    `writer:write:${await hashPassword('se:cr:et')}`,
    `zoë::${await hashPassword('pässwörd €')}`,
  ].join(' '),
  AUTH_TOKENS: [
    `writer:write:${digestToken(TOKEN)}`,
    `reader::${digestToken('reader-token')}`,
  ].join(' '),
}

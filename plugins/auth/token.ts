import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

const TOKEN_OCTETS = 32
const DIGEST = /^[0-9a-f]{64}$/

/** Makes a bearer token too long to guess: 256 random bits in base64url (RFC 6750 §2.1, §5.2). */
export function createToken(): string {
  return randomBytes(TOKEN_OCTETS).toString('base64url')
}

/** Whether the text is a digest that `verifyToken` can check. */
export function isTokenDigest(text: string): boolean {
  return DIGEST.test(text)
}

/** SHA-256 in hexadecimal: a random token needs no slow hash, since there is nothing to guess. */
export function digestToken(token: string): string {
  return hash('sha256', token)
}

/** Whether the token is the one that was digested. The comparison takes constant time. */
export function verifyToken(token: string, digest: string): boolean {
  return timingSafeEqual(Buffer.from(digestToken(token)), Buffer.from(digest))
}

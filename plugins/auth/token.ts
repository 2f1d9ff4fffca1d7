/** Bearer tokens and their digests. */
import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

const TOKEN_BYTES = 32
const DIGEST = /^[0-9a-f]{64}$/

/** Returns a new bearer token: 256 random bits in base64url (RFC 6750 §2.1, §5.2). */
export function createToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url')
}

/** Returns true for a digest that `verifyToken` can check. */
export function isTokenDigest(text: string): boolean {
  return DIGEST.test(text)
}

/** Returns the SHA-256 in hexadecimal. A slow hash is not needed, since a random token cannot be guessed. */
export function digestToken(token: string): string {
  return hash('sha256', token)
}

/** Returns true if the token has this digest. Compares in constant time. */
export function verifyToken(token: string, digest: string): boolean {
  return timingSafeEqual(Buffer.from(digestToken(token)), Buffer.from(digest))
}

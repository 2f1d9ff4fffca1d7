import { hash, randomBytes } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Account } from './accounts.ts'
import { verifyPassword } from './password.ts'
import { verifyToken } from './token.ts'

/** What a client presents: Basic (RFC 7617) or Bearer (RFC 6750). */
export type Credentials =
  | { scheme: 'Basic'; name: string; password: string }
  | { scheme: 'Bearer'; token: string }

/** Who the client turned out to be. */
export interface Principal {
  name: string
  scopes: readonly string[]
}

/** Gives the principal that the credentials prove, or undefined where they prove none. */
export interface Authenticate {
  (credentials: Credentials): Promise<Principal | undefined>
  /**
   * Gives it at once, where an Authorization field of this value is known to prove it. Its name is the one
   * that Basic credentials have, by which guesses are counted.
   */
  recall?(field: string): Principal | undefined
}

/** Verified credentials that are remembered, so that a client's next request costs no slow hash. */
const REMEMBERED = 1_000

/**
 * Builds the check behind Basic and Bearer from lists of accounts.
 *
 * A name without an account is checked against another's hash, so that both answers take the same
 * time. Only what was verified is remembered, under a keyed digest: the memory holds no password, and
 * guessing cannot fill it.
 */
export function createAuthenticate(users: Account[], tokens: Account[]): Authenticate {
  const key = randomBytes(32).toString('hex')
  const verified = new LRUCache<string, Principal>({ max: REMEMBERED })
  const pending = new Map<string, Promise<Principal | undefined>>()

  /** Requests that bring the same credentials at the same time wait for one check of them. */
  function verifyOnce(digest: string, credentials: Credentials) {
    const running = pending.get(digest)
    if (running) return running
    const verification = verify(credentials)
      .then((found) => {
        if (found) verified.set(digest, found)
        return found
      })
      .finally(() => pending.delete(digest))
    pending.set(digest, verification)
    return verification
  }

  async function verify(credentials: Credentials) {
    if (credentials.scheme === 'Bearer') {
      const found = tokens.find(({ secret }) => verifyToken(credentials.token, secret))
      return found && principal(found)
    }
    const { name, password } = credentials
    const account = users.find((user) => user.name === name)
    const hash = (account ?? users[0])?.secret
    const matches = hash !== undefined && (await verifyPassword(password, hash))
    return account && matches ? principal(account) : undefined
  }

  const digestOf = (field: string) => hash('sha256', key + field, 'base64')
  const recall = (field: string) => verified.get(digestOf(field))

  async function authenticate(credentials: Credentials) {
    // or the field would be that of a shorter name (RFC 7617 §2)
    if (credentials.scheme === 'Basic' && credentials.name.includes(':')) return undefined
    const digest = digestOf(fieldOf(credentials))
    return verified.get(digest) ?? verifyOnce(digest, credentials)
  }
  return Object.assign(authenticate, { recall })
}

/** The credentials as the value of an Authorization field, as most clients write it. */
function fieldOf(credentials: Credentials): string {
  if (credentials.scheme === 'Bearer') return `Bearer ${credentials.token}`
  return `Basic ${Buffer.from(`${credentials.name}:${credentials.password}`).toString('base64')}`
}

function principal({ name, scopes }: Account): Principal {
  return { name, scopes }
}

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
  /** Gives it at once, where that is known already. */
  recall?(credentials: Credentials): Principal | undefined
}

/** Verified passwords that are remembered, so that a client's next request costs no slow hash. */
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

  /** Requests that bring the same password at the same time wait for one check of it. */
  function verifyOnce(digest: string, name: string, password: string) {
    const running = pending.get(digest)
    if (running) return running
    const verification = verify(name, password)
      .then((found) => {
        if (found) verified.set(digest, found)
        return found
      })
      .finally(() => pending.delete(digest))
    pending.set(digest, verification)
    return verification
  }

  async function verify(name: string, password: string) {
    const account = users.find((user) => user.name === name)
    const hash = (account ?? users[0])?.secret
    const matches = hash !== undefined && (await verifyPassword(password, hash))
    return account && matches ? principal(account) : undefined
  }

  function digestOf(name: string, password: string): string {
    return hash('sha256', key + JSON.stringify([name, password]), 'base64')
  }

  function recall(credentials: Credentials) {
    if (credentials.scheme === 'Basic') {
      return verified.get(digestOf(credentials.name, credentials.password))
    }
    const account = tokens.find(({ secret }) => verifyToken(credentials.token, secret))
    return account && principal(account)
  }

  async function authenticate(credentials: Credentials) {
    const recalled = recall(credentials)
    if (recalled || credentials.scheme === 'Bearer') return recalled
    const { name, password } = credentials
    return verifyOnce(digestOf(name, password), name, password)
  }
  return Object.assign(authenticate, { recall })
}

function principal({ name, scopes }: Account): Principal {
  return { name, scopes }
}

/** Verification of credentials against lists of accounts. */
import { hash, randomBytes } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Account } from './accounts.ts'
import type { Credentials } from './credentials.ts'
import { limitConcurrent } from './limit-concurrent.ts'
import { verifyPassword } from './password.ts'
import { shareConcurrent } from './share-concurrent.ts'
import { verifyToken } from './token.ts'

/** An authenticated account. */
export interface Principal {
  name: string
  scopes: readonly string[]
}

/**
 * Returns the account that the credentials belong to; undefined for wrong credentials. `client` is the network of the client,
 * as `networkOf` returns it.
 */
export interface Authenticate {
  (credentials: Credentials, client?: string): Promise<Principal | undefined>
  /**
   * Returns the account if this Authorization header field was verified before. The name of the returned account must
   * equal the user name in Basic credentials, since failed logins are counted by user name.
   */
  recall?(field: string): Principal | undefined
}

/** Maximum number of remembered credentials. Requests with remembered credentials need no slow hash. */
const MAX_REMEMBERED = 1_000

/**
 * Hashes at the same time, and requests that wait for one. A hash takes about 20 ms of a thread of libuv, which has four
 * threads for hashes, files, compression and name lookups. So a flood of logins leaves two for the others, and a login waits
 * less than a second. Clients take turns, so a flood of one client does not keep others from logging in.
 */
const HASH_LIMITS = { running: 2, waiting: 64 }

/**
 * Creates a function that verifies Basic and Bearer credentials.
 *
 * The password for an unknown name is checked against another account's hash, so that the response time does not reveal
 * whether the name exists. Verified credentials are remembered by a keyed digest, so that memory contains no password.
 * Wrong credentials are not remembered, since they could evict verified ones.
 */
export function createAuthenticate(users: Account[], tokens: Account[]): Authenticate {
  const key = randomBytes(32).toString('hex')
  const verified = new LRUCache<string, Principal>({ max: MAX_REMEMBERED })
  const share = shareConcurrent<Principal | undefined>()
  const limitHashes = limitConcurrent(HASH_LIMITS)

  async function verifyAndRemember(digest: string, credentials: Credentials, client: string) {
    const principal = await verify(credentials, client)
    if (principal) verified.set(digest, principal)
    return principal
  }

  async function verify(credentials: Credentials, client: string): Promise<Principal | undefined> {
    if (credentials.scheme === 'Bearer') {
      const account = tokens.find(({ secret }) => verifyToken(credentials.token, secret))
      return account && principalOf(account)
    }
    const { name, password } = credentials
    const account = users.find((user) => user.name === name)
    const hash = (account ?? users[0])?.secret
    if (hash === undefined) return undefined
    const matches = await limitHashes(client, () => verifyPassword(password, hash))
    return account && matches ? principalOf(account) : undefined
  }

  const digestOf = (field: string) => hash('sha256', key + field, 'base64')
  const recall = (field: string) => verified.get(digestOf(field))

  async function authenticate(credentials: Credentials, client = '') {
    // `a:b` with password `c` would have the same header field as `a` with password `b:c` (RFC 7617 §2).
    if (credentials.scheme === 'Basic' && credentials.name.includes(':')) return undefined
    const digest = digestOf(fieldOf(credentials))
    // Concurrent requests with the same credentials share one verification.
    const verifying = () => verifyAndRemember(digest, credentials, client)
    return verified.get(digest) ?? share(digest, verifying)
  }
  return Object.assign(authenticate, { recall })
}

/** Returns the usual Authorization header field for the credentials. `recall` finds only this spelling. */
function fieldOf(credentials: Credentials): string {
  if (credentials.scheme === 'Bearer') return `Bearer ${credentials.token}`
  return `Basic ${Buffer.from(`${credentials.name}:${credentials.password}`).toString('base64')}`
}

function principalOf({ name, scopes }: Account): Principal {
  return { name, scopes }
}

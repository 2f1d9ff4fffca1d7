/** Limits failed logins, so that passwords and tokens cannot be guessed. */
import { hash } from 'node:crypto'
import { HttpError } from '../../src/http/http-error.ts'
import { createMemoryQuota, type MemoryQuota } from '../../src/quota/memory-quota.ts'
import type { Authenticate, Principal } from './authenticate.ts'
import type { Credentials } from './credentials.ts'
import { shareConcurrent } from './share-concurrent.ts'

/** Authenticates credentials of a client. */
export interface LimitedAuthenticate {
  /** @throws {HttpError} 429 after too many failed logins */
  (client: string, credentials: Credentials): Promise<Principal | undefined>
  /** Like `Authenticate.recall`, but returns undefined after too many failed logins. */
  recall(client: string, field: string): Principal | undefined
}

/** Ratio of the limit per client to the limit per client and user name. */
const NAMES_PER_CLIENT = 10

/**
 * Limits the failed logins of a client per minute: `limit` for each user name, and ten times as many in total.
 *
 * Failed logins never lock out clients with other addresses. Clients behind the same address can lock each other out. A
 * login counts as failed until the credentials are verified, so concurrent attempts cannot exceed the limit. Concurrent
 * requests of a client with the same credentials count as one.
 *
 * @param limit 0 disables the limit
 */
export function limitFailedLogins(authenticate: Authenticate, limit: number): LimitedAuthenticate {
  const perName = limit || Number.POSITIVE_INFINITY
  const byName = createMemoryQuota(perName)
  const byClient = createMemoryQuota(perName * NAMES_PER_CLIENT)
  const share = shareConcurrent<Principal | undefined>()

  async function login(client: string, credentials: Credentials) {
    const name = nameKey(client, credentials)
    let hasFailed = false
    take(byName, name)
    try {
      take(byClient, client)
      const principal = await authenticate(credentials)
      hasFailed = principal === undefined
      return principal
    } finally {
      if (!hasFailed) {
        byName.giveBack(name)
        byClient.giveBack(client)
      }
    }
  }

  const loginOnce = (client: string, credentials: Credentials) =>
    share(JSON.stringify([client, credentials]), () => login(client, credentials))

  function recall(client: string, field: string) {
    const principal = authenticate.recall?.(field)
    return principal && isAllowed(client, principal) ? principal : undefined
  }

  /**
   * Returns false if the client has reached a limit; then `login` decides. Remembered credentials must not bypass the
   * limits, since a success would confirm a guessed password or token.
   */
  function isAllowed(client: string, { name }: Principal): boolean {
    const key = nameKey(client, { scheme: 'Basic', name, password: '' })
    return !byClient.isSpent(client) && !byName.isSpent(key)
  }

  return Object.assign(loginOnce, { recall })
}

/** @throws {HttpError} 429 if no attempt is left */
function take(quota: MemoryQuota, key: string) {
  const { remaining, resetSeconds } = quota.take(key)
  if (remaining >= 0) return
  throw new HttpError('TOO_MANY_REQUESTS', 'too many failed logins', {
    headers: { 'retry-after': String(resetSeconds) },
  })
}

/** Maximum length of a user name that is stored as plain text, in characters. */
const MAX_NAME_LENGTH = 40

/**
 * Returns the key for counting a client's failed logins with a user name or token. Long names are hashed. Tokens are
 * also hashed, since they may be tokens of another service.
 */
function nameKey(client: string, credentials: Credentials): string {
  const { scheme } = credentials
  const name = scheme === 'Basic' ? credentials.name : credentials.token
  if (scheme === 'Basic' && name.length <= MAX_NAME_LENGTH) return `${client} ${name}`
  return hash('sha256', JSON.stringify([client, scheme, name]))
}

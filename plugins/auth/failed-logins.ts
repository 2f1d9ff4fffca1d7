/** Limits failed logins, so that passwords and tokens cannot be guessed. */
import { HttpError } from '../../src/http/http-error.ts'
import type { Authenticate, Principal } from './authenticate.ts'
import type { Credentials } from './credentials.ts'
import { type Counter, createLoginQuotas, type LoginLimits } from './login-quotas.ts'
import { shareConcurrent } from './share-concurrent.ts'

/** Authenticates credentials of a client. */
export interface LimitedAuthenticate {
  /** @throws {HttpError} 429 after too many failed logins */
  (client: string, credentials: Credentials): Promise<Principal | undefined>
  /** Like `Authenticate.recall`, but returns undefined after too many failed logins. */
  recall(client: string, field: string): Principal | undefined
}

/**
 * Limits the failed logins per minute: `limit` of a client with each user name, ten times as many of a client in total,
 * and ten times as many with each user name in total.
 *
 * The last limit refuses only clients that have not logged in with this name before. So others cannot lock out a
 * client, except clients behind the same address. A login counts as failed until the credentials are verified, so
 * concurrent attempts cannot exceed the limit. Concurrent requests of a client with the same credentials count as one.
 *
 * @param limits a `limit` of 0 disables the limits
 */
export function limitFailedLogins(
  authenticate: Authenticate,
  limits: LoginLimits,
): LimitedAuthenticate {
  if (limits.limit === 0) return withoutLimit(authenticate)
  const quotas = createLoginQuotas(limits)
  const share = shareConcurrent<Principal | undefined>()

  async function login(client: string, credentials: Credentials) {
    const taken: Counter[] = []
    let hasFailed = false
    try {
      for (const counter of await quotas.countersOf(client, credentials)) {
        taken.push(counter)
        await take(counter)
      }
      const principal = await authenticate(credentials, client)
      hasFailed = principal === undefined
      if (principal) quotas.remember(client, principal.name)
      return principal
    } finally {
      if (!hasFailed) await Promise.all(taken.map(([quota, key]) => quota.take(key, -1)))
    }
  }

  const loginOnce = (client: string, credentials: Credentials) =>
    share(JSON.stringify([client, credentials]), () => login(client, credentials))

  /**
   * Remembered credentials must not bypass the limits, since a success would confirm a guessed password or token. If a
   * limit is reached, `login` decides.
   */
  function recall(client: string, field: string) {
    const principal = authenticate.recall?.(field)
    if (!principal || !quotas.isAllowed(client, principal.name)) return undefined
    quotas.remember(client, principal.name)
    return principal
  }

  return Object.assign(loginOnce, { recall })
}

function withoutLimit(authenticate: Authenticate): LimitedAuthenticate {
  const login = (client: string, credentials: Credentials) => authenticate(credentials, client)
  return Object.assign(login, {
    recall: (_client: string, field: string) => authenticate.recall?.(field),
  })
}

/** @throws {HttpError} 429 if no attempt is left */
async function take([quota, key]: Counter): Promise<void> {
  const { remaining, resetSeconds } = await quota.take(key)
  if (remaining >= 0) return
  throw new HttpError('TOO_MANY_REQUESTS', 'too many failed logins', {
    headers: { 'retry-after': String(resetSeconds) },
  })
}

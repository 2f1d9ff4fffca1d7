import { hash } from 'node:crypto'
import { HttpError } from '../../src/http/http-error.ts'
import { createMemoryQuota, type Quota } from '../../src/quota/memory-quota.ts'
import type { Authenticate, Credentials, Principal } from './authenticate.ts'

/** A check of credentials that knows which client presents them. */
interface AuthenticateClient {
  (client: string, credentials: Credentials): Promise<Principal | undefined>
  /** Gives at once whom an Authorization field of this value is known to prove. */
  recall(client: string, field: string): Principal | undefined
}

/** How many names' guesses a client may make. */
const NAMES = 10

/**
 * Keeps a client from guessing: after so many wrong credentials in a minute for one name, no more of
 * them are looked at, and after ten times as many for any. Nobody is locked out by what other clients
 * do, and by others behind the same address only where they guess at the same name, or at many.
 *
 * An attempt counts from its beginning, so that many at a time are no way round it. The same
 * credentials at the same time are one attempt. Those that are known to be right are none, as long as
 * others would be looked at.
 *
 * @param limit zero for none.
 */
export function limitFailedLogins(authenticate: Authenticate, limit: number): AuthenticateClient {
  const most = limit || Number.POSITIVE_INFINITY
  const byName = createMemoryQuota(most)
  const byClient = createMemoryQuota(most * NAMES)
  const running = new Map<string, Promise<Principal | undefined>>()

  /** @throws {HttpError} 429. */
  async function attempt(client: string, credentials: Credentials) {
    const { scheme } = credentials
    const name = nameOf(client, scheme, scheme === 'Basic' ? credentials.name : credentials.token)
    let isWrong = false
    check(byName, name)
    try {
      check(byClient, client)
      const principal = await authenticate(credentials)
      isWrong = principal === undefined
      return principal
    } finally {
      if (!isWrong) {
        byName.giveBack(name)
        byClient.giveBack(client)
      }
    }
  }

  /** A token goes by its owner's name here; where that is guessed at, it is looked at by itself instead. */
  function mayAttempt(client: string, { name }: Principal): boolean {
    return !byClient.isSpent(client) && !byName.isSpent(nameOf(client, 'Basic', name))
  }

  function recall(client: string, field: string) {
    const principal = authenticate.recall?.(field)
    return principal && mayAttempt(client, principal) ? principal : undefined
  }

  function attemptOnce(client: string, credentials: Credentials) {
    const key = JSON.stringify([client, credentials])
    const found = running.get(key)
    if (found) return found
    const attempted = attempt(client, credentials).finally(() => running.delete(key))
    running.set(key, attempted)
    return attempted
  }
  return Object.assign(attemptOnce, { recall })
}

/** @throws {HttpError} 429. */
function check(quota: Quota, client: string) {
  const { remaining, resetIn } = quota.take(client)
  if (remaining >= 0) return
  throw new HttpError('TOO_MANY_REQUESTS', 'these were too many wrong credentials', {
    headers: { 'retry-after': String(resetIn) },
  })
}

/** What a name may have to be kept as it is. */
const SHORT = 40

/** A digest, where it is long as a client likes to make it, or a token, which may be right elsewhere. */
function nameOf(client: string, scheme: Credentials['scheme'], name: string): string {
  if (scheme === 'Basic' && name.length <= SHORT) return `${client} ${name}`
  return hash('sha256', JSON.stringify([client, scheme, name]))
}

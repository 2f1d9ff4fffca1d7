/** Counters of failed logins. */
import { hash } from 'node:crypto'
import { createNetworkQuota } from '../../src/quota/network-quota.ts'
import type { CreateQuota, Quota } from '../../src/quota/quota.ts'
import type { Credentials } from './credentials.ts'

export interface LoginLimits {
  /** Failed logins per minute of a client with one user name. */
  limit: number
  /** Names of the accounts with a password. */
  accounts: ReadonlySet<string>
  createQuota: CreateQuota
}

/** A quota, and a key in it. */
export type Counter = [quota: Quota, key: string]

/** Ratio of the limit per client, and of the limit per account, to the limit per client and user name. */
const RATIO = 10

/** Time for which a client is known after a login. */
const KNOWN_MS = 30 * 86_400_000

/**
 * Creates the counters of failed logins: per client and user name, per client, and per user name over all clients that
 * have not logged in with this name before. The names of accounts have counters of their own, so that other names
 * cannot evict them. The limits are the same, so that they do not reveal the names of accounts.
 */
export function createLoginQuotas({ limit, accounts, createQuota }: LoginLimits) {
  const byClient = createNetworkQuota(createQuota, 'login-client', limit * RATIO)
  const knownByAccount = new Map<string, Quota>()
  const createPair = (kind: string) => ({
    byName: createNetworkQuota(createQuota, `login-${kind}`, limit),
    byAccount: createQuota(`login-${kind}-total`, limit * RATIO),
  })
  const ofAccounts = createPair('account')
  const ofOthers = createPair('other')

  /** Returns the known clients of an account. Each account has a table, so that it cannot evict clients of another. */
  function knownOf(account: string): Quota {
    const known = knownByAccount.get(account) ?? createQuota('login-known', 1, KNOWN_MS)
    knownByAccount.set(account, known)
    return known
  }

  /** Returns the counters of a user name, and their keys. A token counts as a name. */
  function find(client: string, credentials: Credentials) {
    if ('name' in credentials && accounts.has(credentials.name)) {
      const { name } = credentials
      return { ...ofAccounts, key: `${client} ${name}`, account: name, known: knownOf(name) }
    }
    // Other names are hashed, since they may be passwords, and tokens may be tokens of another service.
    const digest = hash('sha256', JSON.stringify({ ...credentials, password: undefined }))
    return { ...ofOthers, key: `${client} ${digest}`, account: digest, known: knownOf('') }
  }
  const findName = (client: string, name: string) =>
    find(client, { scheme: 'Basic', name, password: '' })

  return {
    /** Returns the counters of a login. All of them must have an attempt left. */
    async countersOf(client: string, credentials: Credentials): Promise<Counter[]> {
      const { byName, byAccount, key, account, known } = find(client, credentials)
      const counters: Counter[] = [
        [byName, key],
        [byClient, client],
      ]
      const { remaining } = await known.take(key, 0)
      // The counter of the account is first: beyond its limit, no counters of new clients are created.
      return remaining > 0 ? [[byAccount, account], ...counters] : counters
    },
    /** Returns false if this process knows that a login would be refused. */
    isAllowed(client: string, name: string): boolean {
      const { byName, byAccount, key, account, known } = findName(client, name)
      if (byClient.isSpent(client) || byName.isSpent(key)) return false
      return known.isSpent(key) || !byAccount.isSpent(account)
    },
    /** Remembers that the client has logged in with this name. */
    remember(client: string, name: string): void {
      const { key, known } = findName(client, name)
      if (!known.isSpent(key)) void known.take(key)
    },
  }
}

/** Accounts that can be replaced while the service runs. */
import type { Account } from './accounts.ts'
import { type Authenticate, createAuthenticate } from './authenticate.ts'

export interface Accounts {
  /** Accounts for Basic authentication. */
  users: Account[]
  /** Accounts for Bearer authentication. */
  tokens: Account[]
}

export function createReplaceable(users: Account[], tokens: Account[]) {
  /** Names of the accounts with a password. */
  const names = new Set<string>()
  let authenticate: Authenticate

  /** Replaces the accounts, and forgets the credentials that were verified. */
  function replace(accounts: Accounts) {
    authenticate = createAuthenticate(accounts.users, accounts.tokens)
    names.clear()
    for (const { name } of accounts.users) names.add(name)
  }
  replace({ users, tokens })

  return {
    names,
    replace,
    authenticate: Object.assign<Authenticate, Pick<Authenticate, 'recall'>>(
      (credentials, client) => authenticate(credentials, client),
      { recall: (field) => authenticate.recall?.(field) },
    ),
  }
}

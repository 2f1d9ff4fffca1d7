/** Reads the accounts from AUTH_USERS and AUTH_TOKENS, or returns the accounts of the tutorial. */
import { type Account, parseAccounts } from '../plugins/auth/accounts.ts'
import { isPasswordHash, isStrongHash } from '../plugins/auth/password.ts'
import { isTokenDigest } from '../plugins/auth/token.ts'
import { ConfigError } from './config-error.ts'
import { messageOf } from './error-message.ts'
import { isLoopback } from './http/host.ts'
import type { Settings } from './read-environment.ts'

/** Credentials of the tutorial's accounts. Their secrets are public. */
export const TUTORIAL_CREDENTIALS = { user: 'admin', password: 'secret', token: 'secret-token' }

/** The tutorial's accounts. */
const TUTORIAL_ACCOUNTS = {
  users: [
    {
      name: 'admin',
      scopes: ['write'],
      secret:
        '$argon2id$v=19$m=19456,t=2,p=1$ATQ8htnED4E/P1o2FCIZ+g$y3JU1KoP5dkqmGjcO1fhMsTWX+SD0LRaN9Kh7ZeBkoY',
    },
  ],
  tokens: [
    {
      name: 'admin',
      scopes: ['write'],
      secret: '930bbdc51b6aed5c2a5678fd6e28dee7a05e8a4b643cfc0b4427c3efb86c0d94',
    },
  ],
}

const PUBLIC_SECRETS = [...TUTORIAL_ACCOUNTS.users, ...TUTORIAL_ACCOUNTS.tokens].map(
  ({ secret }) => secret,
)

const NO_ACCOUNTS = { users: [], tokens: [], areTutorial: false, arePublic: false }

/** Proxies and pages that can send requests of clients on other machines. */
interface Access {
  trustedProxies: readonly string[]
  allowedOrigins: readonly string[]
}

/**
 * Reads the accounts. `areTutorial` is true if none is configured, and `arePublic` if an account has a secret of the
 * tutorial.
 *
 * @param areReplaced true if a program has accounts of its own instead
 * @throws {ConfigError} if an entry is invalid, or if others could reach an account with a public secret
 */
export function readAccounts(settings: Settings, access: Access, areReplaced: boolean) {
  if (areReplaced) return NO_ACCOUNTS
  const users = parseEntries('AUTH_USERS', settings.AUTH_USERS, isPasswordHash)
  refuseWeak(users)
  const tokens = parseEntries('AUTH_TOKENS', settings.AUTH_TOKENS, isTokenDigest)
  const areTutorial = users.length === 0 && tokens.length === 0
  const accounts = areTutorial ? TUTORIAL_ACCOUNTS : { users, tokens }
  const arePublic = [...accounts.users, ...accounts.tokens].some(({ secret }) =>
    PUBLIC_SECRETS.includes(secret),
  )
  if (arePublic) refuseExposure(settings.HOST, access, areTutorial)
  return { ...accounts, areTutorial, arePublic }
}

function refuseWeak(users: Account[]) {
  const weak = users.findIndex(({ secret }) => !isStrongHash(secret))
  if (weak < 0) return
  throw new ConfigError(
    `AUTH_USERS: the hash of entry ${weak + 1} costs less than the minimum of OWASP, which is m=19456,t=2,p=1: ` +
      'make a new hash with "npm run hash-secret"',
  )
}

/** Refuses public secrets on an address that others can reach, behind a proxy, and for pages of all origins. */
function refuseExposure(host: string, access: Access, areTutorial: boolean) {
  const proxies = access.trustedProxies.join(' ')
  const exposures: [isExposed: boolean, setting: string, purpose: string][] = [
    [
      !isLoopback(host),
      `HOST is ${JSON.stringify(host)}`,
      'listen on an address that others can reach',
    ],
    [proxies !== '', `TRUST_PROXY is "${proxies}"`, 'listen behind a proxy'],
    [
      access.allowedOrigins.includes('*'),
      'CORS_ORIGIN is "*"',
      'accept writes from pages of all origins',
    ],
  ]
  for (const [isExposed, setting, purpose] of exposures) {
    if (!isExposed) continue
    throw new ConfigError(
      areTutorial
        ? `${setting}: set AUTH_USERS or AUTH_TOKENS to ${purpose} (everyone knows the tutorial's admin:secret)`
        : `${setting}: AUTH_USERS or AUTH_TOKENS has a hash of the tutorial, whose secret is public: ` +
            `make a new one with "npm run hash-secret" to ${purpose}`,
    )
  }
}

function parseEntries(key: string, text: string, isSecret: (text: string) => boolean): Account[] {
  try {
    return parseAccounts(text, isSecret)
  } catch (error) {
    throw new ConfigError(`${key}: ${messageOf(error)}`)
  }
}

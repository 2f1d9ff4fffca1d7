/**
 * Configuration: turns environment variables into the typed options of the server and of each plugin.
 * Plugins never read the environment.
 */
import { isIP } from 'node:net'
import { availableParallelism } from 'node:os'
import type { Static } from 'typebox'
import { type Account, parseAccounts } from '../plugins/auth/accounts.ts'
import type { AuthOptions } from '../plugins/auth/index.ts'
import { isPasswordHash, isStrongHash } from '../plugins/auth/password.ts'
import { isTokenDigest } from '../plugins/auth/token.ts'
import { isContact } from '../plugins/discovery/contact.ts'
import { ConfigError } from './config-error.ts'
import { messageOf } from './error-message.ts'
import { isBlock } from './http/client-address.ts'
import { isAllowedOrigin } from './http/cors-fields.ts'
import {
  readDatabaseEnvironment,
  readEnvironment,
  readList,
  type Settings,
  type Variables,
} from './read-environment.ts'

/** Accounts of the tutorial, `admin:secret` and the token `secret-token`, for loopback only. */
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

/** The configuration of an app: options of the server, then options of each plugin by plugin name in camelCase. */
export type Config = ReturnType<typeof parseConfig>

/**
 * Reads the configuration from environment variables; an absent or empty variable has its default value.
 *
 * @throws {ConfigError} for the first value that cannot be used
 */
export function parseConfig(env: Variables) {
  const settings = readEnvironment(env)
  const allowedOrigins = readList('CORS_ORIGIN', settings.CORS_ORIGIN, isAllowedOrigin)
  const accounts = readAccounts(settings)
  const server = serverOptions(settings)
  return {
    /** True for the tutorial's accounts, whose secrets are public. */
    tutorialAccounts: accounts === TUTORIAL_ACCOUNTS,
    /** True if the plugins in `DEBUG_PLUGINS` of src/app.ts are loaded. */
    debug: settings.DEBUG,
    server,
    auth: authOptions(settings, accounts),
    cors: { allowedOrigins },
    deadlines: {
      requestTimeoutMs: settings.REQUEST_TIMEOUT,
      replyTimeoutMs: settings.REPLY_TIMEOUT,
      minBytesPerSecond: settings.MIN_BYTES_PER_SECOND,
    },
    discovery: { contacts: readList('SECURITY_CONTACT', settings.SECURITY_CONTACT, isContact) },
    health: { checkTimeoutMs: settings.DATABASE_TIMEOUT },
    logging: loggingOptions(settings),
    metrics: {
      /** True if the port for clients also serves `/metrics`. */
      onClientPort: settings.ADMIN_PORT === 0 && isLoopback(settings.HOST),
    },
    negotiation: { maxBodyValues: settings.BODY_VALUES_LIMIT },
    overload: overloadOptions(settings, allowedOrigins),
    pathPrefix: pathPrefixOptions(settings, server.trustProxy),
    rateLimit: { requestsPerMinute: settings.RATE_LIMIT, redisUrl: settings.REDIS_URL },
    security: { allowedOrigins },
    shutdown: { delayMs: settings.SHUTDOWN_DELAY, timeoutMs: settings.SHUTDOWN_TIMEOUT },
    storage: storageOptions(settings),
    tracing: {
      endpoint: settings.OTEL_EXPORTER_OTLP_ENDPOINT,
      serviceName: settings.OTEL_SERVICE_NAME,
      samplingRatio: settings.OTEL_TRACES_SAMPLER_ARG,
    },
  }
}

/**
 * Reads the options of the database commands; other variables may be absent or wrong.
 *
 * @param urlName name for `DATABASE_URL` in errors, if the value is from another source
 * @throws {ConfigError} for the first value that cannot be used
 */
export function parseDatabaseConfig(env: Variables, urlName?: string) {
  return storageOptions(readDatabaseEnvironment(env, urlName))
}

function serverOptions(settings: Settings) {
  return {
    host: settings.HOST,
    port: settings.PORT,
    adminHost: settings.ADMIN_HOST,
    /** 0 if there is no admin app. */
    adminPort: settings.ADMIN_PORT,
    workers: countWorkers(settings),
    bodyLimitBytes: settings.BODY_LIMIT,
    requestTimeoutMs: settings.REQUEST_TIMEOUT,
    maxConnections: settings.MAX_CONNECTIONS,
    maxConnectionsPerNetwork: settings.MAX_CONNECTIONS_PER_NETWORK,
    trustProxy: readList('TRUST_PROXY', settings.TRUST_PROXY, isBlock),
  }
}

/** @throws {ConfigError} if no proxy is trusted, since the variable would have no effect */
function pathPrefixOptions({ FORWARDED_PREFIX }: Settings, trustedProxies: string[]) {
  if (!FORWARDED_PREFIX) return { trustedProxies: [] }
  if (trustedProxies.length > 0) return { trustedProxies }
  throw new ConfigError(
    'FORWARDED_PREFIX is "true": set TRUST_PROXY to the proxy that sends the prefix',
  )
}

function authOptions(
  { AUTH_REALM, AUTH_FAILURE_LIMIT, REDIS_URL }: Settings,
  accounts: typeof TUTORIAL_ACCOUNTS,
): Static<typeof AuthOptions> {
  return { ...accounts, realm: AUTH_REALM, failureLimit: AUTH_FAILURE_LIMIT, redisUrl: REDIS_URL }
}

function loggingOptions(settings: Settings) {
  return {
    level: settings.LOG_LEVEL,
    file: settings.LOG_FILE,
    rotateSizeBytes: settings.LOG_ROTATE_SIZE,
    rotateInterval: settings.LOG_ROTATE_INTERVAL,
    keptFiles: settings.LOG_KEEP,
    clientAddress: settings.LOG_CLIENT_ADDRESS,
  }
}

function overloadOptions(settings: Settings, allowedOrigins: string[]) {
  return {
    eventLoopBudgetMs: settings.EVENT_LOOP_BUDGET_MS,
    maxMemoryBytes: settings.MAX_MEMORY,
    allowedOrigins,
  }
}

function storageOptions(
  settings: Pick<Settings, 'DATABASE_URL' | 'DATABASE_TIMEOUT' | 'DATABASE_CONNECTIONS'>,
) {
  return {
    url: settings.DATABASE_URL,
    timeoutMs: settings.DATABASE_TIMEOUT,
    connections: settings.DATABASE_CONNECTIONS,
  }
}

function countWorkers({ WORKERS, DATABASE_URL }: Settings): number {
  const count = WORKERS === 'auto' ? availableParallelism() : Number(WORKERS)
  if (count === 1 || DATABASE_URL !== 'sqlite::memory:') return count
  throw new ConfigError(
    `WORKERS is ${JSON.stringify(WORKERS)}: ${DATABASE_URL} allows only 1, since each process would have a database of its own`,
  )
}

/** Reads the accounts. The tutorial's accounts are public, so they are accepted on loopback only. */
function readAccounts({ HOST, AUTH_USERS, AUTH_TOKENS }: Settings) {
  const users = parseEntries('AUTH_USERS', AUTH_USERS, isPasswordHash)
  const weak = users.findIndex(({ secret }) => !isStrongHash(secret))
  if (weak >= 0) {
    throw new ConfigError(
      `AUTH_USERS: the hash of entry ${weak + 1} costs less than the minimum of OWASP, which is m=19456,t=2,p=1: ` +
        'make a new hash with "npm run hash-secret"',
    )
  }
  const tokens = parseEntries('AUTH_TOKENS', AUTH_TOKENS, isTokenDigest)
  if (users.length > 0 || tokens.length > 0) return { users, tokens }
  if (isLoopback(HOST)) return TUTORIAL_ACCOUNTS
  throw new ConfigError(
    `HOST is ${JSON.stringify(HOST)}: set AUTH_USERS or AUTH_TOKENS to listen on an address that ` +
      "others can reach (the tutorial's admin:secret works on loopback only)",
  )
}

/** Returns true for 127.0.0.0/8 (RFC 1122 §3.2.1.3), ::1 (RFC 4291 §2.5.3) and localhost (RFC 6761 §6.3). */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

function parseEntries(key: string, text: string, isSecret: (text: string) => boolean): Account[] {
  try {
    return parseAccounts(text, isSecret)
  } catch (error) {
    throw new ConfigError(`${key}: ${messageOf(error)}`)
  }
}

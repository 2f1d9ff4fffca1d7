/**
 * Configuration: turns environment variables into the typed options of the server and of each plugin.
 * Plugins never read the environment.
 */
import { isIP } from 'node:net'
import { availableParallelism } from 'node:os'
import { type Static, Type } from 'typebox'
import { type Account, parseAccounts } from '../plugins/auth/accounts.ts'
import type { AuthOptions } from '../plugins/auth/index.ts'
import { isPasswordHash } from '../plugins/auth/password.ts'
import { isTokenDigest } from '../plugins/auth/token.ts'
import { ConfigError } from './config-error.ts'
import { Environment, RENAMED_VARIABLES } from './environment.ts'
import { messageOf } from './error-message.ts'
import { isBlock } from './http/client-address.ts'
import { compileValidator, type ValidationError } from './http/validation.ts'

/** Environment variables by name; an empty one counts as absent. */
type Variables = Record<string, string | undefined>

/** Variables that the database commands need. */
const DatabaseEnvironment = Type.Pick(Environment, [
  'DATABASE_URL',
  'DATABASE_TIMEOUT',
  'DATABASE_CONNECTIONS',
])

const validate = compileValidator(Environment, 'querystring')
const validateDatabase = compileValidator(DatabaseEnvironment, 'querystring')

/** Credentials of the tutorial, `admin:secret` and the token `secret-token`: for loopback only. */
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

/** The configuration of an app: options of the server, then of each plugin by its name in camelCase. */
export type Config = ReturnType<typeof parseConfig>

/**
 * Reads the configuration from environment variables; an absent or empty one takes its default.
 *
 * @throws {ConfigError} for the first value that cannot be used
 */
export function parseConfig(env: Variables) {
  refuseRenamed(env)
  const result = validate(withDefaults(env))
  if ('error' in result) throw refusal(env, result.error)
  const variables = result.value as Static<typeof Environment> // just checked
  const allowedOrigins = readList('CORS_ORIGIN', variables.CORS_ORIGIN, isOrigin)
  const accounts = readAccounts(variables)
  const auth: Static<typeof AuthOptions> = {
    realm: variables.AUTH_REALM,
    users: accounts.users,
    tokens: accounts.tokens,
    failureLimit: variables.AUTH_FAILURE_LIMIT,
  }
  return {
    /** True if the accounts are the tutorial's, whose secrets are public. */
    tutorialAccounts: accounts.areTutorial,
    server: {
      host: variables.HOST,
      port: variables.PORT,
      adminHost: variables.ADMIN_HOST,
      /** 0 if there is no admin app. */
      adminPort: variables.ADMIN_PORT,
      workers: countWorkers(variables),
      bodyLimitBytes: variables.BODY_LIMIT,
      requestTimeoutMs: variables.REQUEST_TIMEOUT,
      maxConnections: variables.MAX_CONNECTIONS,
      trustProxy: readList('TRUST_PROXY', variables.TRUST_PROXY, isBlock),
    },
    auth,
    cors: { allowedOrigins },
    deadlines: { replyTimeoutMs: variables.REPLY_TIMEOUT },
    debug: { enabled: variables.DEBUG },
    explain: { enabled: variables.DEBUG },
    health: { checkTimeoutMs: variables.DATABASE_TIMEOUT },
    logging: {
      level: variables.LOG_LEVEL,
      file: variables.LOG_FILE,
      rotateSizeBytes: variables.LOG_ROTATE_SIZE,
      rotateInterval: variables.LOG_ROTATE_INTERVAL,
      keptFiles: variables.LOG_KEEP,
    },
    metrics: {
      /** True if `/metrics` is served to clients too. */
      onClientPort: variables.ADMIN_PORT === 0 && isLoopback(variables.HOST),
    },
    overload: {
      eventLoopBudgetMs: variables.EVENT_LOOP_BUDGET_MS,
      maxMemoryBytes: variables.MAX_MEMORY,
      bodyLimitBytes: variables.BODY_LIMIT,
      allowedOrigins,
    },
    rateLimit: {
      requestsPerMinute: variables.RATE_LIMIT,
      ...(variables.REDIS_URL && { redisUrl: variables.REDIS_URL }),
    },
    security: { allowedOrigins },
    shutdown: {
      delayMs: variables.SHUTDOWN_DELAY,
      timeoutMs: variables.SHUTDOWN_TIMEOUT,
    },
    storage: {
      url: variables.DATABASE_URL,
      timeoutMs: variables.DATABASE_TIMEOUT,
      connections: variables.DATABASE_CONNECTIONS,
    },
    tracing: {
      ...(variables.OTEL_EXPORTER_OTLP_ENDPOINT && {
        endpoint: variables.OTEL_EXPORTER_OTLP_ENDPOINT,
      }),
      serviceName: variables.OTEL_SERVICE_NAME,
      samplingRatio: variables.OTEL_TRACES_SAMPLER_ARG,
    },
  }
}

/**
 * Reads the options of the database commands; other variables may be absent or wrong.
 *
 * @param urlName name of `DATABASE_URL` in errors, if the value has another source
 * @throws {ConfigError} for the first value that cannot be used
 */
export function parseDatabaseConfig(env: Variables, urlName = 'DATABASE_URL') {
  const result = validateDatabase(withDefaults(env))
  if ('error' in result) throw refusal(env, result.error, { DATABASE_URL: urlName })
  const variables = result.value as Static<typeof DatabaseEnvironment> // just checked
  return {
    url: variables.DATABASE_URL,
    timeoutMs: variables.DATABASE_TIMEOUT,
    connections: variables.DATABASE_CONNECTIONS,
  }
}

function withDefaults(env: Variables) {
  const keys = Object.keys(Environment.properties)
  return Object.fromEntries(keys.map((key) => [key, env[key] || defaultOf(key)]))
}

/** Default of a variable; undefined for an unknown one. */
export function defaultOf(key: string): unknown {
  return keywordsOf(key).default
}

/** Keywords of a variable's schema that its type does not include. */
function keywordsOf(key: string): { default?: unknown; description?: string } {
  // A schema's keywords are members of the object, but not of its type.
  return (Environment.properties as Record<string, object>)[key] ?? {}
}

/** An old name that is still set would be ignored, and its limit silently lost. */
function refuseRenamed(env: Variables) {
  const found = Object.keys(RENAMED_VARIABLES).find((key) => env[key])
  if (found) throw new ConfigError(`${found} was renamed: set ${RENAMED_VARIABLES[found]} instead`)
}

function refusal(
  env: Variables,
  { violations }: ValidationError,
  names: Record<string, string> = {},
) {
  const key = String(violations[0]?.pointer.slice(1))
  return new ConfigError(
    `${names[key] ?? key} is ${JSON.stringify(withoutPassword(env[key]))}: ${violations[0]?.message} (${keywordsOf(key).description})`,
  )
}

/** A URL may hold a password (RFC 3986 §3.2.1), or a libpq parameter with one. */
function withoutPassword(value = ''): string {
  return value.replace(/:.*@/s, ':…@').replace(/(password\s*=).*/is, '$1…')
}

function countWorkers({ WORKERS, DATABASE_URL }: Static<typeof Environment>): number {
  const count = WORKERS === 'auto' ? availableParallelism() : Number(WORKERS)
  if (count === 1 || DATABASE_URL !== 'sqlite::memory:') return count
  throw new ConfigError(
    `WORKERS is ${JSON.stringify(WORKERS)}: ${DATABASE_URL} allows only 1, since each process would have a database of its own`,
  )
}

interface Accounts {
  users: Account[]
  tokens: Account[]
  areTutorial: boolean
}

/** Published credentials must not be accepted on an address that others can reach. */
function readAccounts({ HOST, AUTH_USERS, AUTH_TOKENS }: Static<typeof Environment>): Accounts {
  const users = parseEntries('AUTH_USERS', AUTH_USERS, isPasswordHash)
  const tokens = parseEntries('AUTH_TOKENS', AUTH_TOKENS, isTokenDigest)
  if (users.length > 0 || tokens.length > 0) return { users, tokens, areTutorial: false }
  if (isLoopback(HOST)) return { ...TUTORIAL_ACCOUNTS, areTutorial: true }
  throw new ConfigError(
    `HOST is ${JSON.stringify(HOST)}: set AUTH_USERS or AUTH_TOKENS to listen on an address that ` +
      "others can reach (the tutorial's admin:secret works on loopback only)",
  )
}

/** 127.0.0.0/8 (RFC 1122 §3.2.1.3), ::1 (RFC 4291 §2.5.3) and localhost (RFC 6761 §6.3). */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

/** An origin as browsers serialize it (RFC 6454 §6.1), since the comparison is exact; or `*`. */
function isOrigin(text: string): boolean {
  return text === '*' || (/^https?:/.test(text) && URL.parse(text)?.origin === text)
}

/** @throws {ConfigError} naming the first item that is invalid */
function readList(key: string, text: string, isItem: (item: string) => boolean): string[] {
  const items = text.split(/[\s,]+/).filter(Boolean)
  const wrong = items.find((item) => !isItem(item))
  if (wrong === undefined) return items
  throw new ConfigError(
    `${key} is ${JSON.stringify(text)}: ${JSON.stringify(wrong)} is invalid (${keywordsOf(key).description})`,
  )
}

function parseEntries(key: string, text: string, isSecret: (text: string) => boolean): Account[] {
  try {
    return parseAccounts(text, isSecret)
  } catch (error) {
    throw new ConfigError(`${key}: ${messageOf(error)}`)
  }
}

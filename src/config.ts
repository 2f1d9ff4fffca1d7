import { isIP } from 'node:net'
import { availableParallelism } from 'node:os'
import { type Static, Type } from 'typebox'
import { type Account, parseAccounts } from './auth/accounts.ts'
import { isPasswordHash } from './auth/password.ts'
import { isTokenDigest } from './auth/token.ts'
import { messageOf } from './error-message.ts'
import { isBlock } from './http/client-address.ts'
import { compileValidator, type ValidationError } from './http/validation.ts'

/** The whole environment of the service: `.env.example` and the documentation are held to it by tests. */
export const Environment = Type.Object({
  HOST: Type.String({
    default: '127.0.0.1',
    description:
      'The address to listen on. Any other than loopback needs AUTH_USERS or AUTH_TOKENS.',
  }),
  PORT: Type.Integer({
    default: 5000,
    minimum: 0,
    maximum: 65_535,
    description: 'The TCP port to listen on; 0 takes a free one.',
  }),
  METRICS_PORT: Type.Integer({
    default: 0,
    minimum: 0,
    maximum: 65_535,
    description:
      'A TCP port for /metrics and /health alone. With 0 there is /metrics on PORT, where HOST is ' +
      'loopback, and else nowhere.',
  }),
  METRICS_HOST: Type.String({
    default: '127.0.0.1',
    description: 'The address to listen on for METRICS_PORT.',
  }),
  LOG_LEVEL: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    default: 'info',
    description: 'The least severe log line that is written.',
  }),
  LOG_FILE: Type.String({
    default: '',
    description:
      'A file to append log lines to; they leave standard output unless it is a terminal.',
  }),
  LOG_ROTATE_SIZE: Type.Integer({
    default: 104_857_600,
    minimum: 0,
    description: 'How large LOG_FILE may be, in octets, before it is set aside; 0 for any size.',
  }),
  LOG_ROTATE_INTERVAL: Type.Enum(['never', 'hourly', 'daily'], {
    default: 'never',
    description: 'When LOG_FILE is set aside besides: as each hour or day begins, in UTC.',
  }),
  LOG_KEEP: Type.Integer({
    default: 10,
    minimum: 0,
    maximum: 10_000,
    description: 'How many files of the log that were set aside are kept; 0 for all.',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.String({
    default: '',
    pattern: '^(?:https?://.+)?$',
    'x-expected': 'an HTTP URL',
    description:
      'The URL of a collector of OpenTelemetry, which is sent a trace of each request (OTLP over HTTP). ' +
      'OTEL_EXPORTER_OTLP_HEADERS counts as well.',
  }),
  OTEL_SERVICE_NAME: Type.String({
    default: 'restful-web-api',
    description: 'What the traces call the service.',
  }),
  OTEL_TRACES_SAMPLER_ARG: Type.Number({
    default: 1,
    minimum: 0,
    maximum: 1,
    description:
      'The share of requests that are traced, of those that no trace came with; the others follow theirs.',
  }),
  DEBUG: Type.Boolean({
    default: false,
    description:
      'Shows a browser the stack and source of an unexpected error, and tells in every reply what was decided about the request. Never in production.',
  }),
  DATABASE_URL: Type.String({
    default: 'sqlite:data/api.db',
    pattern: '^(?:sqlite:(?!//|file:)|postgres(?:ql)?://).+$',
    'x-expected': 'a URL of SQLite or PostgreSQL',
    description:
      'sqlite:FILE, sqlite::memory: for a database that ends with the process, or ' +
      'postgres://USER:PASSWORD@HOST/DATABASE.',
  }),
  DATABASE_TIMEOUT: Type.Integer({
    default: 1_000,
    minimum: 10,
    maximum: 60_000,
    description:
      'How long the database may take over a query, in milliseconds, before the client is told to ' +
      'try later.',
  }),
  DATABASE_CONNECTIONS: Type.Integer({
    default: 10,
    minimum: 1,
    maximum: 1_000,
    description: 'The most connections to PostgreSQL that this process makes.',
  }),
  AUTH_USERS: Type.String({
    default: '',
    description:
      'Who may use Basic: entries name:scopes:hash with spaces between them; scopes with commas ' +
      'between them, may be empty. "npm run hash-secret" makes an entry. With AUTH_TOKENS empty ' +
      "too, on loopback: the tutorial's admin:secret.",
  }),
  AUTH_TOKENS: Type.String({
    default: '',
    description:
      'Who may use Bearer: entries name:scopes:digest. "npm run hash-secret -- --token" makes a ' +
      'token and its entry. With AUTH_USERS empty too, on loopback: secret-token.',
  }),
  AUTH_REALM: Type.String({
    default: 'Example',
    pattern: '^[ !#-\\[\\]-~]+$',
    'x-expected': 'a realm',
    description: 'The realm that a challenge names: printable ASCII without " and \\.',
  }),
  AUTH_FAILURES: Type.Integer({
    default: 10,
    minimum: 0,
    description:
      'How many wrong credentials a minute are looked at, of a client for a name; ten times as ' +
      'many for all names. 0 for any number.',
  }),
  RATE_LIMIT: Type.Integer({
    default: 600,
    minimum: 0,
    description:
      'How many requests a minute a client may make: who authenticates, or else an address. 0 for ' +
      'any number.',
  }),
  REDIS_URL: Type.String({
    default: '',
    pattern: '^(?:rediss?://.+)?$',
    'x-expected': 'a URL of Redis',
    description:
      'redis://USER:PASSWORD@HOST or rediss://…: where processes count requests together; each ' +
      'counts its own while there is none.',
  }),
  TRUST_PROXY: Type.String({
    default: '',
    description:
      'Proxies that are believed in X-Forwarded-For, -Host and -Proto: addresses, or blocks such ' +
      'as 10.0.0.0/8, with spaces or commas between them.',
  }),
  CORS_ORIGIN: Type.String({
    default: '',
    description:
      'Whose pages a browser lets call the service: origins such as https://www.example, with ' +
      'spaces or commas between them, or * for any.',
  }),
  BODY_LIMIT: Type.Integer({
    default: 1_048_576,
    minimum: 1,
    description: 'The largest request body, in octets.',
  }),
  WORKERS: Type.String({
    default: '1',
    pattern: '^(?:auto|[1-9]\\d{0,2})$',
    'x-expected': 'a number of processes or auto',
    description: 'How many processes serve the port; auto takes one for each core.',
  }),
  REQUEST_TIMEOUT: Type.Integer({
    default: 8_000,
    minimum: 10,
    maximum: 3_600_000,
    description: 'How long a request may take to arrive, in milliseconds.',
  }),
  REPLY_TIMEOUT: Type.Integer({
    default: 8_000,
    minimum: 10,
    maximum: 3_600_000,
    description:
      'How long a reply may take to be given, and then again to be taken, in milliseconds.',
  }),
  MAX_CONNECTIONS: Type.Integer({
    default: 10_000,
    minimum: 1,
    description: 'The most connections of clients at a time; others are closed at once.',
  }),
  MAX_DELAY: Type.Integer({
    default: 25,
    minimum: 0,
    maximum: 60_000,
    description:
      'How long requests have in a turn of the event loop, in milliseconds; others wait for the next, ' +
      'and are refused where that takes long. 0 for any time.',
  }),
  MAX_MEMORY: Type.Integer({
    default: 0,
    minimum: 0,
    description:
      'How many octets the heap and buffers may take before requests are refused; 0 for nine ' +
      'tenths of what Node lets its heap have.',
  }),
  SHUTDOWN_DELAY: Type.Integer({
    default: 0,
    minimum: 0,
    maximum: 600_000,
    description:
      'How long the service listens after SIGTERM, in milliseconds: until balancers have seen that ' +
      'it is not ready any more.',
  }),
  SHUTDOWN_TIMEOUT: Type.Integer({
    default: 10_000,
    minimum: 0,
    maximum: 600_000,
    description: 'How long requests in flight may take after that, in milliseconds.',
  }),
})

/** The environment, read: what an operator wrote as text is here as what it means. */
export interface Config extends Omit<Static<typeof Environment>, keyof Lists | 'WORKERS'>, Lists {
  WORKERS: number
  /** Whether the accounts are the tutorial's, whose secrets everyone knows. */
  IS_TUTORIAL: boolean
  /** Whether everybody who reaches the service may read its metrics. */
  SERVES_METRICS: boolean
}

interface Lists {
  AUTH_USERS: Account[]
  AUTH_TOKENS: Account[]
  TRUST_PROXY: string[]
  CORS_ORIGIN: string[]
}

/** A setting that cannot be used. The message is one line: the key, its value, what was expected. */
export class ConfigError extends Error {}

/** What a command that works on the database alone has to know. */
const DatabaseEnvironment = Type.Pick(Environment, [
  'DATABASE_URL',
  'DATABASE_TIMEOUT',
  'DATABASE_CONNECTIONS',
])

const validate = compileValidator(Environment, 'querystring')
const validateDatabase = compileValidator(DatabaseEnvironment, 'querystring')

/** The tutorial's own credentials, `admin:secret` and the token `secret-token`, for loopback alone. */
const TUTORIAL_ACCOUNTS = {
  AUTH_USERS: [
    {
      name: 'admin',
      scopes: ['write'],
      secret:
        '$argon2id$v=19$m=19456,t=2,p=1$ATQ8htnED4E/P1o2FCIZ+g$y3JU1KoP5dkqmGjcO1fhMsTWX+SD0LRaN9Kh7ZeBkoY',
    },
  ],
  AUTH_TOKENS: [
    {
      name: 'admin',
      scopes: ['write'],
      secret: '930bbdc51b6aed5c2a5678fd6e28dee7a05e8a4b643cfc0b4427c3efb86c0d94',
    },
  ],
}

/**
 * Reads the configuration out of environment variables; an absent or empty one takes its default.
 *
 * @throws {ConfigError} for the first value that cannot be used.
 */
export function parseConfig(env: Record<string, string | undefined>): Config {
  const result = validate(withDefaults(env))
  if ('error' in result) throw refusal(env, result.error)
  const environment = result.value as Static<typeof Environment> // just checked
  return withTutorialAccounts({
    ...environment,
    SERVES_METRICS: environment.METRICS_PORT === 0 && isLoopback(environment.HOST),
    WORKERS: countWorkers(environment),
    AUTH_USERS: readAccounts('AUTH_USERS', environment.AUTH_USERS, isPasswordHash),
    AUTH_TOKENS: readAccounts('AUTH_TOKENS', environment.AUTH_TOKENS, isTokenDigest),
    TRUST_PROXY: readList('TRUST_PROXY', environment.TRUST_PROXY, isBlock),
    CORS_ORIGIN: readList('CORS_ORIGIN', environment.CORS_ORIGIN, isOrigin),
  })
}

/**
 * Reads what concerns the database; nothing else has to be there, or to be right.
 *
 * @param urlName what an error calls `DATABASE_URL`, where it comes from elsewhere.
 * @throws {ConfigError} for the first value that cannot be used.
 */
export function parseDatabaseConfig(
  env: Record<string, string | undefined>,
  urlName = 'DATABASE_URL',
) {
  const result = validateDatabase(withDefaults(env))
  if ('error' in result) throw refusal(env, result.error, { DATABASE_URL: urlName })
  return result.value as Static<typeof DatabaseEnvironment> // just checked
}

function withDefaults(env: Record<string, string | undefined>) {
  const keys = Object.keys(Environment.properties)
  return Object.fromEntries(keys.map((key) => [key, env[key] || defaultOf(key)]))
}

/** What an absent variable counts as. */
export function defaultOf(key: string): unknown {
  return keywordsOf(key).default
}

/** The keywords of a variable's schema that its type does not tell. */
function keywordsOf(key: string): { default?: unknown; description?: string } {
  // a schema's keywords are members of it, which its type does not list
  return (Environment.properties as Record<string, object>)[key] ?? {}
}

function refusal(
  env: Record<string, string | undefined>,
  { violations }: ValidationError,
  names: Record<string, string> = {},
) {
  const key = String(violations[0]?.pointer.slice(1))
  return new ConfigError(
    `${names[key] ?? key} is ${JSON.stringify(withoutPassword(env[key]))}: ${violations[0]?.message} (${keywordsOf(key).description})`,
  )
}

/** A URL may hold a password (RFC 3986 §3.2.1), or a parameter of libpq's with one. */
function withoutPassword(value = ''): string {
  return value.replace(/:.*@/s, ':…@').replace(/(password\s*=).*/is, '$1…')
}

function countWorkers({ WORKERS, DATABASE_URL }: Static<typeof Environment>): number {
  const count = WORKERS === 'auto' ? availableParallelism() : Number(WORKERS)
  if (count === 1 || DATABASE_URL !== 'sqlite::memory:') return count
  // each would answer from one of its own
  throw new ConfigError(
    `WORKERS is ${JSON.stringify(WORKERS)}: ${DATABASE_URL} is of one process alone`,
  )
}

/** Known credentials on an address that others can reach would be an open door. */
function withTutorialAccounts(config: Omit<Config, 'IS_TUTORIAL'>): Config {
  if (config.AUTH_USERS.length > 0 || config.AUTH_TOKENS.length > 0) {
    return { ...config, IS_TUTORIAL: false }
  }
  if (isLoopback(config.HOST)) return { ...config, ...TUTORIAL_ACCOUNTS, IS_TUTORIAL: true }
  throw new ConfigError(
    `HOST is ${JSON.stringify(config.HOST)}: AUTH_USERS or AUTH_TOKENS must be set where others can ` +
      "connect (the tutorial's admin:secret is for loopback alone)",
  )
}

/** 127.0.0.0/8 (RFC 1122 §3.2.1.3), ::1 (RFC 4291 §2.5.3) and localhost (RFC 6761 §6.3). */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

/** As a browser writes it (RFC 6454 §6.1), which is how it is compared; or any. */
function isOrigin(text: string): boolean {
  return text === '*' || (/^https?:/.test(text) && URL.parse(text)?.origin === text)
}

/** @throws {ConfigError} for the first item that is none. */
function readList(key: string, text: string, isItem: (item: string) => boolean): string[] {
  const items = text.split(/[\s,]+/).filter(Boolean)
  const wrong = items.find((item) => !isItem(item))
  if (wrong === undefined) return items
  throw new ConfigError(
    `${key} is ${JSON.stringify(text)}: ${JSON.stringify(wrong)} is not of these (${keywordsOf(key).description})`,
  )
}

function readAccounts(key: string, text: string, isSecret: (text: string) => boolean) {
  try {
    return parseAccounts(text, isSecret)
  } catch (error) {
    throw new ConfigError(`${key}: ${messageOf(error)}`)
  }
}

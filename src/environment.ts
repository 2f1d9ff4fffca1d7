/** Environment variables: their schema, and the file `.env`. `config.ts` turns them into typed options. */
import { Type } from 'typebox'
import { ConfigError } from './config-error.ts'
import { messageOf } from './error-message.ts'
import { isSystemError } from './system-error.ts'

/** All environment variables of the service. `.env.example` lists them with the same texts; a test compares both. */
export const Environment = Type.Object({
  HOST: Type.String({
    default: '127.0.0.1',
    description:
      'Address to listen on. Any address other than loopback requires AUTH_USERS or ' +
      'AUTH_TOKENS.',
  }),
  PORT: Type.Integer({
    default: 5000,
    minimum: 0,
    maximum: 65_535,
    description: 'TCP port to listen on; 0 takes a free port.',
  }),
  ADMIN_PORT: Type.Integer({
    default: 0,
    minimum: 0,
    maximum: 65_535,
    description:
      'TCP port for /metrics and /health only. 0 disables this port; /metrics is then ' +
      'served on PORT if HOST is loopback, otherwise not at all.',
  }),
  ADMIN_HOST: Type.String({
    default: '127.0.0.1',
    description: 'Address to listen on for ADMIN_PORT.',
  }),
  LOG_LEVEL: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    default: 'info',
    description: 'Least severe level that is logged.',
  }),
  LOG_FILE: Type.String({
    default: '',
    description:
      'File to append log lines to, instead of standard output. If standard output is a ' +
      'terminal, readable lines appear there too.',
  }),
  LOG_ROTATE_SIZE: Type.Integer({
    default: 104_857_600,
    minimum: 0,
    description: 'Size in bytes at which LOG_FILE is rotated; 0 disables rotation by size.',
  }),
  LOG_ROTATE_INTERVAL: Type.Enum(['never', 'hourly', 'daily'], {
    default: 'never',
    description: 'Also rotates LOG_FILE at the start of each hour or day, in UTC.',
  }),
  LOG_KEEP: Type.Integer({
    default: 10,
    minimum: 0,
    maximum: 10_000,
    description: 'Number of rotated log files to keep; 0 keeps all.',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.String({
    default: '',
    pattern: '^(?:https?://.+)?$',
    'x-expected': 'an HTTP URL',
    description:
      'URL of an OpenTelemetry collector; a trace of each request is exported to it (OTLP ' +
      'over HTTP). OTEL_EXPORTER_OTLP_HEADERS is supported too. Empty disables tracing.',
  }),
  OTEL_SERVICE_NAME: Type.String({
    default: 'restful-web-api',
    description: 'Service name in the traces.',
  }),
  OTEL_TRACES_SAMPLER_ARG: Type.Number({
    default: 1,
    minimum: 0,
    maximum: 1,
    description:
      'Sampling ratio, from 0 to 1, of requests without a traceparent; the others follow ' +
      "their parent's decision.",
  }),
  DEBUG: Type.Boolean({
    default: false,
    description:
      'Shows a browser the stack and source of an unexpected error, and adds Debug-Trace to ' +
      'every response, with the checks that led to its status. Never enable it in ' +
      'production.',
  }),
  DATABASE_URL: Type.String({
    default: 'sqlite:data/api.db',
    pattern: '^(?:sqlite:(?!//|file:)|postgres(?:ql)?://).+$',
    'x-expected': 'a SQLite or PostgreSQL URL',
    description:
      'sqlite:FILE; sqlite::memory: for a database that ends with the process; or ' +
      'postgres://USER:PASSWORD@HOST/DATABASE.',
  }),
  DATABASE_TIMEOUT: Type.Integer({
    default: 1_000,
    minimum: 10,
    maximum: 60_000,
    description:
      'Milliseconds that a database query may take; after that, the client gets 503 with ' +
      'Retry-After.',
  }),
  DATABASE_CONNECTIONS: Type.Integer({
    default: 10,
    minimum: 1,
    maximum: 1_000,
    description: 'Maximum number of PostgreSQL connections of this process.',
  }),
  AUTH_USERS: Type.String({
    default: '',
    description:
      'Accounts for Basic authentication: entries name:scopes:hash, separated by spaces; ' +
      'scopes are separated by commas and may be empty. "npm run hash-secret" prints an ' +
      "entry. If AUTH_TOKENS is empty too, on loopback: the tutorial's admin:secret.",
  }),
  AUTH_TOKENS: Type.String({
    default: '',
    description:
      'Accounts for Bearer authentication: entries name:scopes:digest. "npm run hash-secret ' +
      '-- --token" prints a token and its entry. If AUTH_USERS is empty too, on loopback: ' +
      'secret-token.',
  }),
  AUTH_REALM: Type.String({
    default: 'Example',
    pattern: '^[ !#-\\[\\]-~]+$',
    'x-expected': 'a realm',
    description: 'Realm in the challenge: printable ASCII without " and \\.',
  }),
  AUTH_FAILURE_LIMIT: Type.Integer({
    default: 10,
    minimum: 0,
    description:
      'Failed logins per minute per client and user name, ten times that per client; 0 ' +
      'disables the limit.',
  }),
  RATE_LIMIT: Type.Integer({
    default: 600,
    minimum: 0,
    description:
      'Requests per minute per client (account, or IP address if anonymous); 0 disables the ' +
      'limit.',
  }),
  REDIS_URL: Type.String({
    default: '',
    pattern: '^(?:rediss?://.+)?$',
    'x-expected': 'a Redis URL',
    description:
      'redis://USER:PASSWORD@HOST or rediss://…: Redis in which all processes count ' +
      'requests together. If it is empty or unreachable, each process counts alone.',
  }),
  TRUST_PROXY: Type.String({
    default: '',
    description:
      'Proxies whose X-Forwarded-For, -Host and -Proto are trusted: addresses, or blocks ' +
      'such as 10.0.0.0/8, separated by spaces or commas.',
  }),
  CORS_ORIGIN: Type.String({
    default: '',
    description:
      'Origins whose pages may call the service, such as https://www.example, separated by ' +
      'spaces or commas; * allows any origin.',
  }),
  BODY_LIMIT: Type.Integer({
    default: 1_048_576,
    minimum: 1,
    description: 'Maximum size of a request body, in bytes.',
  }),
  WORKERS: Type.String({
    default: '1',
    pattern: '^(?:auto|[1-9]\\d{0,2})$',
    'x-expected': 'a number of processes, or auto',
    description: 'Number of processes that serve the port; auto starts one per core.',
  }),
  REQUEST_TIMEOUT: Type.Integer({
    default: 8_000,
    minimum: 10,
    maximum: 3_600_000,
    description: 'Milliseconds that a request may take to arrive.',
  }),
  REPLY_TIMEOUT: Type.Integer({
    default: 8_000,
    minimum: 10,
    maximum: 3_600_000,
    description:
      'Milliseconds until a response must be ready, and again until the client must have ' +
      'received it.',
  }),
  MAX_CONNECTIONS: Type.Integer({
    default: 10_000,
    minimum: 1,
    description: 'Maximum number of client connections; further connections are closed at once.',
  }),
  EVENT_LOOP_BUDGET_MS: Type.Integer({
    default: 25,
    minimum: 0,
    maximum: 60_000,
    description:
      'Milliseconds of each event-loop turn for handling requests; the rest are queued, and ' +
      'get 503 if the queue is too slow. 0 disables load shedding by delay.',
  }),
  MAX_MEMORY: Type.Integer({
    default: 0,
    minimum: 0,
    description:
      'Bytes of heap and buffers above which new requests get 503; 0 means nine tenths of ' +
      "Node's heap limit.",
  }),
  SHUTDOWN_DELAY: Type.Integer({
    default: 0,
    minimum: 0,
    maximum: 600_000,
    description:
      'Milliseconds that the service keeps listening after SIGTERM, not ready, so that load ' +
      'balancers stop sending requests.',
  }),
  SHUTDOWN_TIMEOUT: Type.Integer({
    default: 10_000,
    minimum: 0,
    maximum: 600_000,
    description:
      'Milliseconds that requests in flight may take after that; then their connections are ' +
      'cut.',
  }),
})

/** Variables that were renamed, with their present names: one that is still set would be ignored silently. */
export const RENAMED_VARIABLES: Record<string, string> = {
  METRICS_PORT: 'ADMIN_PORT',
  METRICS_HOST: 'ADMIN_HOST',
  AUTH_FAILURES: 'AUTH_FAILURE_LIMIT',
  MAX_DELAY: 'EVENT_LOOP_BUDGET_MS',
}

/**
 * Adds the variables in the file `.env` to the environment, if the file exists.
 *
 * @throws {ConfigError} if it cannot be read
 */
export function loadEnvironment(): void {
  try {
    process.loadEnvFile('.env')
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return
    throw new ConfigError(`.env cannot be read: ${messageOf(error).split('\n')[0]}`)
  }
}

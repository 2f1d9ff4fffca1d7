/** Schema of the environment variables. `config.ts` converts the variables to options. */
import { Type } from 'typebox'
import { AuthOptions } from '../plugins/auth/index.ts'
import { DeadlinesOptions } from '../plugins/deadlines.ts'
import { LoggingOptions } from '../plugins/logging/logger.ts'
import { NegotiationOptions } from '../plugins/negotiation/index.ts'
import { OverloadOptions } from '../plugins/overload/index.ts'
import { RateLimitOptions } from '../plugins/rate-limit.ts'
import { ShutdownOptions } from '../plugins/shutdown.ts'
import { StorageOptions } from '../plugins/storage.ts'
import { TracingOptions } from '../plugins/tracing/index.ts'
import { RedisUrl } from './quota/open-quotas.ts'

/**
 * All environment variables of the service. A variable that sets an option of a plugin uses the schema of the option.
 * A test checks that `.env.example` has the same descriptions.
 */
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
    description: 'TCP port to listen on; 0 selects a free port.',
  }),
  ADMIN_PORT: Type.Integer({
    default: 0,
    minimum: 0,
    maximum: 65_535,
    description:
      'TCP port for /metrics and /health only. 0 disables this port; /metrics is then ' +
      'served on PORT if AUTH_USERS, AUTH_TOKENS and TRUST_PROXY are empty, otherwise not at all.',
  }),
  ADMIN_HOST: Type.String({
    default: '127.0.0.1',
    description: 'Address to listen on for ADMIN_PORT.',
  }),
  LOG_LEVEL: LoggingOptions.properties.level,
  LOG_FILE: LoggingOptions.properties.file,
  LOG_ROTATE_SIZE: LoggingOptions.properties.rotateSizeBytes,
  LOG_ROTATE_INTERVAL: LoggingOptions.properties.rotateInterval,
  LOG_KEEP: LoggingOptions.properties.keptFiles,
  LOG_CLIENT_ADDRESS: LoggingOptions.properties.clientAddress,
  OTEL_EXPORTER_OTLP_ENDPOINT: TracingOptions.properties.endpoint,
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: TracingOptions.properties.tracesEndpoint,
  OTEL_TRACES_EXPORTER: TracingOptions.properties.exporter,
  OTEL_SDK_DISABLED: TracingOptions.properties.isDisabled,
  OTEL_SERVICE_NAME: TracingOptions.properties.serviceName,
  OTEL_TRACES_SAMPLER: TracingOptions.properties.sampler,
  OTEL_TRACES_SAMPLER_ARG: TracingOptions.properties.samplingRatio,
  DEBUG: Type.Boolean({
    default: false,
    description:
      'If true, a browser gets the stack trace and source code of an unexpected error, other ' +
      'clients get its message, and every response has a header field Debug-Trace with the checks that led to its ' +
      'status. Requires a HOST of loopback and no TRUST_PROXY. Never use this in production.',
  }),
  DATABASE_URL: Type.String({
    default: 'sqlite:data/api.db',
    pattern: '^(?:sqlite:(?!//|file:)|postgres(?:ql)?://).+$',
    'x-expected': 'a SQLite or PostgreSQL URL',
    description:
      'sqlite:FILE; sqlite::memory: for a database that is lost when the process ends; or ' +
      'postgres://USER:PASSWORD@HOST/DATABASE?sslmode=verify-full&sslrootcert=system, with the ' +
      'parameters of libpq.',
  }),
  DATABASE_TIMEOUT: StorageOptions.properties.timeoutMs,
  DATABASE_CONNECTIONS: StorageOptions.properties.connections,
  MIGRATE: StorageOptions.properties.migrate,
  AUTH_USERS: Type.String({
    default: '',
    description:
      'Accounts for Basic authentication: entries name:scopes:hash, separated by spaces; ' +
      'scopes are separated by commas and may be empty. "npm run hash-secret" prints an ' +
      "entry. If AUTH_TOKENS is empty too, and HOST is loopback, the tutorial's account is " +
      'accepted: user name "admin", password "secret".',
  }),
  AUTH_TOKENS: Type.String({
    default: '',
    description:
      'Accounts for Bearer authentication: entries name:scopes:digest. "npm run hash-secret ' +
      '-- --token" prints a token and its entry. If AUTH_USERS is empty too, and HOST is ' +
      "loopback, the tutorial's token is accepted: the literal text " +
      '"secret-token".',
  }),
  AUTH_REALM: AuthOptions.properties.realm,
  AUTH_FAILURE_LIMIT: AuthOptions.properties.failureLimit,
  RATE_LIMIT: RateLimitOptions.properties.requestsPerMinute,
  REDIS_URL: RedisUrl,
  ALLOWED_HOSTS: Type.String({
    default: '',
    description:
      'Hosts that clients may name in Host, without port, separated by spaces or commas: ' +
      'names, and addresses such as 127.0.0.1 or [::1]. Requests for other hosts get 421. If ' +
      "empty, all hosts are accepted, but with the tutorial's accounts only loopback.",
  }),
  TRUST_PROXY: Type.String({
    default: '',
    description:
      'Proxies whose X-Forwarded-For and -Proto are trusted: addresses, or blocks such as ' +
      '192.0.2.0/28, separated by spaces or commas. Clients must not have such an address.',
  }),
  FORWARDED_HOST: Type.Boolean({
    default: false,
    description:
      'If true, a proxy in TRUST_PROXY names the host in X-Forwarded-Host, instead of passing ' +
      'on Host. The proxy must replace the header field that a client sends.',
  }),
  FORWARDED_PREFIX: Type.Boolean({
    default: false,
    description:
      'If true, a proxy in TRUST_PROXY names the path under which it publishes the service in ' +
      'X-Forwarded-Prefix, and URLs in responses begin with this path. The proxy must remove ' +
      'the path from requests, and the header field that a client sends.',
  }),
  CORS_ORIGIN: Type.String({
    default: '',
    description:
      'Origins whose pages may call the service, separated by spaces or commas, such as ' +
      'https://www.example, or capacitor://localhost for an app. https://*.www.example ' +
      'allows all subdomains of www.example; * allows any origin, and requires AUTH_USERS or ' +
      'AUTH_TOKENS.',
  }),
  SECURITY_CONTACT: Type.String({
    default: '',
    description:
      'URLs for reports of vulnerabilities, such as mailto:security@www.example or ' +
      'https://www.example/report, separated by spaces or commas, the preferred one first. ' +
      'They are published at /.well-known/security.txt.',
  }),
  BODY_LIMIT: Type.Integer({
    default: 1_048_576,
    minimum: 1,
    description: 'Maximum size of a request body, in bytes.',
  }),
  BODY_VALUES_LIMIT: NegotiationOptions.properties.maxBodyValues,
  WORKERS: Type.String({
    default: '1',
    pattern: '^(?:auto|[1-9]\\d{0,2})$',
    'x-expected': 'a number of processes, or auto',
    description: 'Number of processes that serve the port; auto starts one per core.',
  }),
  REQUEST_TIMEOUT: DeadlinesOptions.properties.requestTimeoutMs,
  REPLY_TIMEOUT: DeadlinesOptions.properties.replyTimeoutMs,
  MIN_BYTES_PER_SECOND: DeadlinesOptions.properties.minBytesPerSecond,
  KEEP_ALIVE_TIMEOUT: Type.Integer({
    default: 72_000,
    minimum: 1_000,
    description:
      'Milliseconds that an idle connection stays open. The time must be longer than that of a ' +
      'load balancer in front of the service, such as 60 s at AWS and 600 s at Google Cloud.',
  }),
  MAX_CONNECTIONS: Type.Integer({
    default: 10_000,
    minimum: 1,
    description:
      'Maximum number of client connections. Beyond it, a new connection replaces the one that ' +
      'is idle for the longest time; if none is idle, the new one is closed at once.',
  }),
  MAX_CONNECTIONS_PER_NETWORK: Type.Integer({
    default: 1_000,
    minimum: 1,
    description:
      'Maximum number of connections of an IPv4 address or an IPv6 /64 network. An IPv6 /56 ' +
      'network may have four times as many. Further connections are closed at once. Addresses in ' +
      'TRUST_PROXY are exempt.',
  }),
  EVENT_LOOP_BUDGET_MS: OverloadOptions.properties.eventLoopBudgetMs,
  MAX_MEMORY: OverloadOptions.properties.maxMemoryBytes,
  SHUTDOWN_DELAY: ShutdownOptions.properties.delayMs,
  SHUTDOWN_TIMEOUT: ShutdownOptions.properties.timeoutMs,
})

/** Variables with secrets. Each can be set by a file whose path is in the variable of the same name with `_FILE`. */
export const SECRETS = ['DATABASE_URL', 'AUTH_USERS', 'AUTH_TOKENS', 'REDIS_URL'] as const

/** New names of renamed variables. The old names are refused, so that no setting is silently ignored. */
export const RENAMED_VARIABLES: Record<string, string> = {
  METRICS_PORT: 'ADMIN_PORT',
  METRICS_HOST: 'ADMIN_HOST',
  AUTH_FAILURES: 'AUTH_FAILURE_LIMIT',
  MAX_DELAY: 'EVENT_LOOP_BUDGET_MS',
}

/**
 * Configuration: turns environment variables into the typed options of the server and of each plugin.
 * Plugins never read the environment.
 */
import type { Static } from 'typebox'
import type { Principal } from '../plugins/auth/authenticate.ts'
import type { CredentialsOf } from '../plugins/auth/credentials.ts'
import type { AuthOptions } from '../plugins/auth/index.ts'
import { isContact } from '../plugins/discovery/contact.ts'
import { ConfigError } from './config-error.ts'
import { countWorkers, databaseOptions, storageOptions } from './database-options.ts'
import type { Scheme } from './http/authentication-schemes.ts'
import { isBlock } from './http/client-address.ts'
import { isAllowedOrigin } from './http/cors-fields.ts'
import { isHostName, isLoopback } from './http/host.ts'
import { readAccounts, TUTORIAL_CREDENTIALS } from './read-accounts.ts'
import {
  readDatabaseEnvironment,
  readEnvironment,
  readList,
  type Settings,
  type Variables,
} from './read-environment.ts'

/** The configuration of an app: options of the server, then options of each plugin by plugin name in camelCase. */
export type Config = ReturnType<typeof parseConfig>

/** Authentication of the program that embeds the service, instead of AUTH_USERS and AUTH_TOKENS. */
export interface OwnAuthentication<Name extends Scheme = Scheme> {
  /** Authentication schemes that are accepted, the preferred one first; by default all. */
  schemes?: Name[]
  /** Returns the account of credentials of these schemes; undefined for wrong credentials. */
  authenticate?: (credentials: CredentialsOf<NoInfer<Name>>) => Promise<Principal | undefined>
}

/**
 * Reads the configuration from environment variables; an absent or empty variable has its default value.
 *
 * @param own with `authenticate`, the accounts of the environment and of the tutorial are not accepted
 * @throws {ConfigError} for the first value that cannot be used
 */
export function parseConfig<Name extends Scheme>(
  env: Variables,
  own: OwnAuthentication<Name> = {},
) {
  const settings = readEnvironment(env)
  const allowedOrigins = readList('CORS_ORIGIN', settings.CORS_ORIGIN, isAllowedOrigin)
  const server = serverOptions(settings)
  const access = { trustedProxies: server.trustProxy, allowedOrigins }
  const { users, tokens, ...accounts } = readAccounts(settings, access, Boolean(own.authenticate))
  return {
    /** True if no account is configured, and the service accepts the tutorial's accounts. */
    tutorialAccounts: accounts.areTutorial,
    /** True if the plugins in `DEBUG_PLUGINS` of src/app.ts are loaded. */
    debug: readDebug(settings, server.trustProxy),
    server,
    auth: authOptions(settings, { users, tokens }, own as unknown as OwnAuthentication),
    cors: { allowedOrigins },
    deadlines: {
      requestTimeoutMs: settings.REQUEST_TIMEOUT,
      replyTimeoutMs: settings.REPLY_TIMEOUT,
      minBytesPerSecond: settings.MIN_BYTES_PER_SECOND,
    },
    discovery: { contacts: readList('SECURITY_CONTACT', settings.SECURITY_CONTACT, isContact) },
    hosts: hostsOptions(settings, accounts.arePublic),
    health: { checkTimeoutMs: settings.DATABASE_TIMEOUT },
    htmlPages: accounts.areTutorial ? { account: TUTORIAL_CREDENTIALS } : {},
    logging: loggingOptions(settings),
    /** The port for clients also serves `/metrics` only with the tutorial's accounts, which are local. */
    metrics: { onClientPort: settings.ADMIN_PORT === 0 && accounts.areTutorial },
    negotiation: { maxBodyValues: settings.BODY_VALUES_LIMIT },
    overload: overloadOptions(settings, allowedOrigins),
    pathPrefix: pathPrefixOptions(settings, server.trustProxy),
    rateLimit: rateLimitOptions(settings, server.trustProxy),
    security: { allowedOrigins },
    shutdown: { delayMs: settings.SHUTDOWN_DELAY, timeoutMs: settings.SHUTDOWN_TIMEOUT },
    storage: storageOptions(settings),
    tracing: tracingOptions(settings, server.trustProxy),
  }
}

/**
 * Reads the options of the database commands; other variables may be absent or wrong.
 *
 * @param urlName name for `DATABASE_URL` in errors, if the value is from another source
 * @throws {ConfigError} for the first value that cannot be used
 */
export function parseDatabaseConfig(env: Variables, urlName?: string) {
  return databaseOptions(readDatabaseEnvironment(env, urlName))
}

function serverOptions(settings: Settings) {
  const trustProxy = readList('TRUST_PROXY', settings.TRUST_PROXY, isBlock)
  if (settings.FORWARDED_HOST) requireProxy('FORWARDED_HOST', 'host', trustProxy)
  return {
    host: settings.HOST,
    port: settings.PORT,
    adminHost: settings.ADMIN_HOST,
    /** 0 if there is no admin app. */
    adminPort: settings.ADMIN_PORT,
    workers: countWorkers(settings),
    bodyLimitBytes: settings.BODY_LIMIT,
    requestTimeoutMs: settings.REQUEST_TIMEOUT,
    keepAliveTimeoutMs: settings.KEEP_ALIVE_TIMEOUT,
    maxConnections: settings.MAX_CONNECTIONS,
    maxConnectionsPerNetwork: settings.MAX_CONNECTIONS_PER_NETWORK,
    trustProxy,
    forwardedHost: settings.FORWARDED_HOST,
  }
}

/** @throws {ConfigError} if others could see the stack traces */
function readDebug({ DEBUG, HOST }: Settings, trustedProxies: string[]): boolean {
  if (!DEBUG) return false
  const change = isLoopback(HOST)
    ? trustedProxies.length > 0 && 'remove TRUST_PROXY'
    : `set HOST to 127.0.0.1, not ${JSON.stringify(HOST)}`
  if (!change) return true
  throw new ConfigError(`DEBUG is "true": ${change}, since responses then show stack traces`)
}

function hostsOptions({ ALLOWED_HOSTS }: Settings, onlyLoopback: boolean) {
  return { allowedHosts: readList('ALLOWED_HOSTS', ALLOWED_HOSTS, isHostName), onlyLoopback }
}

function pathPrefixOptions({ FORWARDED_PREFIX }: Settings, trustedProxies: string[]) {
  if (!FORWARDED_PREFIX) return { trustedProxies: [] }
  requireProxy('FORWARDED_PREFIX', 'prefix', trustedProxies)
  return { trustedProxies }
}

/** @throws {ConfigError} if no proxy is trusted, since the variable would have no effect */
function requireProxy(key: string, value: string, trustedProxies: string[]) {
  if (trustedProxies.length > 0) return
  throw new ConfigError(`${key} is "true": set TRUST_PROXY to the proxy that sends the ${value}`)
}

function authOptions(
  { AUTH_REALM, AUTH_FAILURE_LIMIT, REDIS_URL }: Settings,
  accounts: Pick<ReturnType<typeof readAccounts>, 'users' | 'tokens'>,
  own: OwnAuthentication,
): Omit<Static<typeof AuthOptions>, keyof OwnAuthentication> & OwnAuthentication {
  const limits = { failureLimit: AUTH_FAILURE_LIMIT, redisUrl: REDIS_URL }
  return { ...accounts, realm: AUTH_REALM, ...limits, ...own }
}

function rateLimitOptions({ RATE_LIMIT, REDIS_URL }: Settings, trustedProxies: string[]) {
  return { requestsPerMinute: RATE_LIMIT, redisUrl: REDIS_URL, trustedProxies }
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

function tracingOptions(settings: Settings, trustedProxies: string[]) {
  return {
    endpoint: settings.OTEL_EXPORTER_OTLP_ENDPOINT,
    tracesEndpoint: settings.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT,
    exporter: settings.OTEL_TRACES_EXPORTER,
    isDisabled: settings.OTEL_SDK_DISABLED,
    serviceName: settings.OTEL_SERVICE_NAME,
    sampler: settings.OTEL_TRACES_SAMPLER,
    samplingRatio: settings.OTEL_TRACES_SAMPLER_ARG,
    trustedProxies,
  }
}

function overloadOptions(settings: Settings, allowedOrigins: string[]) {
  return {
    eventLoopBudgetMs: settings.EVENT_LOOP_BUDGET_MS,
    maxMemoryBytes: settings.MAX_MEMORY,
    allowedOrigins,
  }
}

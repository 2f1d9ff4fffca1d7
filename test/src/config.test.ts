import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import t from 'tap'
import { parseConfig, parseDatabaseConfig } from '../../src/config.ts'
import { ConfigError } from '../../src/config-error.ts'
import { Environment, RENAMED_VARIABLES, SECRETS } from '../../src/environment.ts'
import { defaultOf } from '../../src/read-environment.ts'
import { ACCOUNT } from '../app.ts'
import { refusalOf } from '../refused-config.ts'

const KEYS = Object.keys(Environment.properties)

t.test('parseConfig() returns the defaults of absent and empty variables', async (t) => {
  const { auth, ...rest } = parseConfig({})
  t.strictSame(rest, {
    tutorialAccounts: true,
    debug: false,
    server: {
      host: '127.0.0.1',
      port: 5000,
      adminHost: '127.0.0.1',
      adminPort: 0,
      workers: 1,
      bodyLimitBytes: 1_048_576,
      requestTimeoutMs: 8_000,
      keepAliveTimeoutMs: 72_000,
      maxConnections: 10_000,
      maxConnectionsPerNetwork: 1_000,
      trustProxy: [],
      forwardedHost: false,
    },
    cors: { allowedOrigins: [] },
    deadlines: { requestTimeoutMs: 8_000, replyTimeoutMs: 8_000, minBytesPerSecond: 500 },
    discovery: { contacts: [] },
    health: { checkTimeoutMs: 1_000 },
    hosts: { allowedHosts: [], onlyLoopback: true },
    htmlPages: { account: { user: 'admin', password: 'secret', token: 'secret-token' } },
    logging: {
      level: 'info',
      file: '',
      rotateSizeBytes: 104_857_600,
      rotateInterval: 'never',
      keptFiles: 10,
      clientAddress: 'full',
    },
    metrics: { onClientPort: true },
    negotiation: { maxBodyValues: 10_000 },
    overload: { eventLoopBudgetMs: 25, maxMemoryBytes: 0, allowedOrigins: [] },
    pathPrefix: { trustedProxies: [] },
    rateLimit: { requestsPerMinute: 600, redisUrl: '', trustedProxies: [] },
    security: { allowedOrigins: [] },
    shutdown: { delayMs: 0, timeoutMs: 10_000 },
    storage: { url: 'sqlite:data/api.db', timeoutMs: 1_000, connections: 10, migrate: 'auto' },
    tracing: {
      endpoint: '',
      tracesEndpoint: '',
      exporter: 'otlp',
      isDisabled: false,
      serviceName: 'restful-web-api',
      sampler: 'parentbased_traceidratio',
      samplingRatio: 1,
      trustedProxies: [],
    },
  })
  t.match(auth, { realm: 'Example', failureLimit: 10 })
  const empty = Object.fromEntries(KEYS.map((key) => [key, '']))
  t.strictSame(parseConfig(empty), parseConfig({}))
})

for (const [old, present] of Object.entries(RENAMED_VARIABLES)) {
  t.test(`parseConfig() refuses ${old}, and names ${present} instead`, async (t) => {
    t.equal(refusalOf({ [old]: '1' }).message, `${old} was renamed: set ${present} instead`)
    t.ok(KEYS.includes(present))
    t.strictSame(
      parseConfig({ [old]: '' }),
      parseConfig({}),
      `an empty ${old} is accepted like an absent variable`,
    )
  })
}

t.test('parseConfig() ignores unknown variables', async (t) => {
  t.strictSame(parseConfig({ PATH: '/bin', NODE_ENV: 'production' }), parseConfig({}))
  t.strictSame(parseConfig({ tutorialAccounts: 'false' }), parseConfig({}))
})

/** For each variable, the paths of the options that the variable sets in the configuration. */
const OPTIONS: Record<string, string[]> = {
  HOST: ['server.host'],
  PORT: ['server.port'],
  ADMIN_PORT: ['server.adminPort'],
  ADMIN_HOST: ['server.adminHost'],
  LOG_LEVEL: ['logging.level'],
  LOG_FILE: ['logging.file'],
  LOG_ROTATE_SIZE: ['logging.rotateSizeBytes'],
  LOG_ROTATE_INTERVAL: ['logging.rotateInterval'],
  LOG_KEEP: ['logging.keptFiles'],
  LOG_CLIENT_ADDRESS: ['logging.clientAddress'],
  OTEL_EXPORTER_OTLP_ENDPOINT: ['tracing.endpoint'],
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: ['tracing.tracesEndpoint'],
  OTEL_TRACES_EXPORTER: ['tracing.exporter'],
  OTEL_SDK_DISABLED: ['tracing.isDisabled'],
  OTEL_SERVICE_NAME: ['tracing.serviceName'],
  OTEL_TRACES_SAMPLER: ['tracing.sampler'],
  OTEL_TRACES_SAMPLER_ARG: ['tracing.samplingRatio'],
  DEBUG: ['debug'],
  DATABASE_URL: ['storage.url'],
  DATABASE_TIMEOUT: ['storage.timeoutMs', 'health.checkTimeoutMs'],
  DATABASE_CONNECTIONS: ['storage.connections'],
  MIGRATE: ['storage.migrate'],
  AUTH_REALM: ['auth.realm'],
  AUTH_FAILURE_LIMIT: ['auth.failureLimit'],
  RATE_LIMIT: ['rateLimit.requestsPerMinute'],
  REDIS_URL: ['rateLimit.redisUrl', 'auth.redisUrl'],
  ALLOWED_HOSTS: ['hosts.allowedHosts'],
  TRUST_PROXY: ['server.trustProxy', 'rateLimit.trustedProxies', 'tracing.trustedProxies'],
  FORWARDED_HOST: ['server.forwardedHost'],
  FORWARDED_PREFIX: ['pathPrefix.trustedProxies'],
  CORS_ORIGIN: ['cors.allowedOrigins', 'security.allowedOrigins', 'overload.allowedOrigins'],
  SECURITY_CONTACT: ['discovery.contacts'],
  BODY_LIMIT: ['server.bodyLimitBytes'],
  BODY_VALUES_LIMIT: ['negotiation.maxBodyValues'],
  WORKERS: ['server.workers'],
  REQUEST_TIMEOUT: ['server.requestTimeoutMs', 'deadlines.requestTimeoutMs'],
  REPLY_TIMEOUT: ['deadlines.replyTimeoutMs'],
  MIN_BYTES_PER_SECOND: ['deadlines.minBytesPerSecond'],
  KEEP_ALIVE_TIMEOUT: ['server.keepAliveTimeoutMs'],
  MAX_CONNECTIONS: ['server.maxConnections'],
  MAX_CONNECTIONS_PER_NETWORK: ['server.maxConnectionsPerNetwork'],
  EVENT_LOOP_BUDGET_MS: ['overload.eventLoopBudgetMs'],
  MAX_MEMORY: ['overload.maxMemoryBytes'],
  SHUTDOWN_DELAY: ['shutdown.delayMs'],
  SHUTDOWN_TIMEOUT: ['shutdown.timeoutMs'],
}

const VALUES: [key: string, text: string, value: unknown][] = [
  ['HOST', 'localhost', 'localhost'],
  ['PORT', '0', 0],
  ['PORT', '65535', 65_535],
  ['ADMIN_PORT', '9464', 9464],
  ['ADMIN_HOST', '0.0.0.0', '0.0.0.0'],
  ['LOG_LEVEL', 'silent', 'silent'],
  ['LOG_FILE', 'logs/api.log', 'logs/api.log'],
  ['LOG_ROTATE_SIZE', '0', 0],
  ['LOG_ROTATE_INTERVAL', 'daily', 'daily'],
  ['LOG_KEEP', '0', 0],
  ['LOG_CLIENT_ADDRESS', 'network', 'network'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://collector:4318', 'http://collector:4318'],
  ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'http://collector/in', 'http://collector/in'],
  ['OTEL_TRACES_EXPORTER', 'none', 'none'],
  ['OTEL_SDK_DISABLED', 'true', true],
  ['OTEL_SDK_DISABLED', 'True', true],
  ['OTEL_SDK_DISABLED', 'FALSE', false],
  ['OTEL_SERVICE_NAME', 'books', 'books'],
  ['OTEL_TRACES_SAMPLER', 'always_off', 'always_off'],
  ['OTEL_TRACES_SAMPLER_ARG', '0.25', 0.25],
  ['DEBUG', 'true', true],
  ['DATABASE_URL', 'sqlite::memory:', 'sqlite::memory:'],
  [
    'DATABASE_URL',
    'postgres://luis:hunter2@h/api?sslmode=require',
    'postgres://luis:hunter2@h/api?sslmode=require',
  ],
  ['DATABASE_URL', 'postgresql:///api', 'postgresql:///api'],
  ['DATABASE_TIMEOUT', '10', 10],
  ['DATABASE_TIMEOUT', '60000', 60_000],
  ['DATABASE_CONNECTIONS', '1', 1],
  ['DATABASE_CONNECTIONS', '1000', 1_000],
  ['MIGRATE', 'check', 'check'],
  ['AUTH_REALM', "Luis's [realm]", "Luis's [realm]"],
  ['AUTH_FAILURE_LIMIT', '0', 0],
  ['RATE_LIMIT', '0', 0],
  ['REDIS_URL', 'redis://127.0.0.1:6379/1', 'redis://127.0.0.1:6379/1'],
  ['REDIS_URL', 'rediss://luis:hunter2@h', 'rediss://luis:hunter2@h'],
  [
    'ALLOWED_HOSTS',
    'api.example, 10.1.2.3 [::1]\nlocalhost',
    ['api.example', '10.1.2.3', '[::1]', 'localhost'],
  ],
  ['TRUST_PROXY', '10.0.0.0/8', ['10.0.0.0/8']],
  [
    'TRUST_PROXY',
    ' 10.0.0.0/8, 127.0.0.1,::1  fc00::/7 ',
    ['10.0.0.0/8', '127.0.0.1', '::1', 'fc00::/7'],
  ],
  ['CORS_ORIGIN', '*', ['*']],
  [
    'CORS_ORIGIN',
    'https://a.example, http://b.example:8080',
    ['https://a.example', 'http://b.example:8080'],
  ],
  [
    'CORS_ORIGIN',
    'https://*.a.example capacitor://localhost',
    ['https://*.a.example', 'capacitor://localhost'],
  ],
  [
    'SECURITY_CONTACT',
    'mailto:security@a.example, https://a.example/report tel:+1-201-555-0123',
    ['mailto:security@a.example', 'https://a.example/report', 'tel:+1-201-555-0123'],
  ],
  ['BODY_LIMIT', '1', 1],
  ['BODY_VALUES_LIMIT', '1', 1],
  ['WORKERS', '3', 3],
  ['WORKERS', 'auto', availableParallelism()],
  ['REQUEST_TIMEOUT', '10', 10],
  ['REPLY_TIMEOUT', '10', 10],
  ['MIN_BYTES_PER_SECOND', '1', 1],
  ['KEEP_ALIVE_TIMEOUT', '650000', 650_000],
  ['MAX_CONNECTIONS', '1', 1],
  ['MAX_CONNECTIONS_PER_NETWORK', '1', 1],
  ['EVENT_LOOP_BUDGET_MS', '0', 0],
  ['MAX_MEMORY', '100000000', 100_000_000],
  ['SHUTDOWN_DELAY', '5000', 5_000],
  ['SHUTDOWN_TIMEOUT', '0', 0],
]

for (const [key, text, value] of VALUES) {
  t.test(`parseConfig() reads ${key}=${text}`, async (t) => {
    const config: object = parseConfig({ ...ACCOUNT, [key]: text })
    for (const path of OPTIONS[key] ?? []) {
      const found = path.split('.').reduce((node, name) => Reflect.get(node, name), config)
      t.strictSame(found, value, path)
    }
    t.ok(OPTIONS[key])
  })
}

t.test('parseConfig() reads FORWARDED_PREFIX, which needs TRUST_PROXY', async (t) => {
  const { pathPrefix } = parseConfig({
    ...ACCOUNT,
    FORWARDED_PREFIX: 'true',
    TRUST_PROXY: '10.0.0.0/8',
  })
  t.strictSame(pathPrefix, { trustedProxies: ['10.0.0.0/8'] })
  t.strictSame(parseConfig({ ...ACCOUNT, TRUST_PROXY: '10.0.0.0/8' }).pathPrefix, {
    trustedProxies: [],
  })
  t.throws(() => parseConfig({ FORWARDED_PREFIX: 'true' }), {
    message: 'FORWARDED_PREFIX is "true": set TRUST_PROXY to the proxy that sends the prefix',
  })
})

t.test('parseConfig() refuses DEBUG on an address that others can reach', async (t) => {
  const env = { ...ACCOUNT, DEBUG: 'true' }
  t.match(
    refusalOf({ ...env, HOST: '0.0.0.0' }).message,
    'DEBUG is "true": set HOST to 127.0.0.1, not "0.0.0.0"',
  )
  t.match(
    refusalOf({ ...env, TRUST_PROXY: '127.0.0.1' }).message,
    'DEBUG is "true": remove TRUST_PROXY',
  )
  t.equal(parseConfig({ ...env, HOST: '::1' }).debug, true)
  t.equal(parseConfig({ ...ACCOUNT, HOST: '0.0.0.0' }).debug, false)
})

t.test('parseConfig() reads FORWARDED_HOST, which needs TRUST_PROXY', async (t) => {
  const env = { ...ACCOUNT, FORWARDED_HOST: 'true', TRUST_PROXY: '10.0.0.1' }
  t.equal(parseConfig(env).server.forwardedHost, true)
  t.match(refusalOf({ FORWARDED_HOST: 'true' }), {
    message: 'FORWARDED_HOST is "true": set TRUST_PROXY to the proxy that sends the host',
  })
})

const BAD_VALUES: [key: string, text: string, expectation: string][] = [
  ['PORT', 'http', 'must be integer'],
  ['PORT', '-1', 'must be >= 0'],
  ['PORT', '65536', 'must be <= 65535'],
  ['PORT', '0x50', 'must be integer'],
  ['PORT', '80.5', 'must be integer'],
  ['PORT', ' 80', 'must be integer'],
  ['ADMIN_PORT', '65536', 'must be <= 65535'],
  ['LOG_LEVEL', 'loud', 'allowed values: fatal, error, warn, info, debug, trace, silent'],
  ['LOG_LEVEL', 'INFO', 'allowed values: fatal, error, warn, info, debug, trace, silent'],
  ['LOG_ROTATE_SIZE', '10MB', 'must be integer'],
  ['LOG_ROTATE_INTERVAL', 'weekly', 'allowed values: never, hourly, daily'],
  ['LOG_KEEP', '-1', 'must be >= 0'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318', 'must be an HTTP URL'],
  ['OTEL_TRACES_EXPORTER', 'zipkin', 'allowed values: otlp, none'],
  ['OTEL_TRACES_SAMPLER', 'jaeger_remote', 'allowed values: always_on, always_off'],
  ['OTEL_TRACES_SAMPLER_ARG', '1.5', 'must be <= 1'],
  ['KEEP_ALIVE_TIMEOUT', '0', 'must be >= 1000'],
  ['DEBUG', '1', 'must be boolean'],
  ['DEBUG', 'True', 'must be boolean'],
  ['DATABASE_URL', 'data/api.db', 'must be a SQLite or PostgreSQL URL (sqlite:FILE; '],
  ['DATABASE_URL', 'mysql://localhost/api', 'must be a SQLite or PostgreSQL URL (sqlite:FILE; '],
  [
    'DATABASE_URL',
    'sqlite://localhost/tmp/api.db',
    'must be a SQLite or PostgreSQL URL (sqlite:FILE; ',
  ],
  [
    'DATABASE_URL',
    'sqlite:file:api?mode=memory',
    'must be a SQLite or PostgreSQL URL (sqlite:FILE; ',
  ],
  ['DATABASE_URL', 'postgres:', 'must be a SQLite or PostgreSQL URL'],
  ['DATABASE_URL', 'postgres:/api', 'must be a SQLite or PostgreSQL URL'],
  ['DATABASE_URL', 'postgres://', 'must be a SQLite or PostgreSQL URL'],
  ['DATABASE_URL', 'POSTGRES://h/api', 'must be a SQLite or PostgreSQL URL'],
  ['DATABASE_TIMEOUT', '9', 'must be >= 10'],
  ['DATABASE_TIMEOUT', '60001', 'must be <= 60000'],
  ['DATABASE_TIMEOUT', '1s', 'must be integer'],
  ['DATABASE_CONNECTIONS', '0', 'must be >= 1'],
  ['DATABASE_CONNECTIONS', '1001', 'must be <= 1000'],
  ['MIGRATE', 'never', 'allowed values: auto, check'],
  ['DATABASE_URL', 'sqlite:', 'must be a SQLite or PostgreSQL URL (sqlite:FILE; '],
  ['AUTH_REALM', 'a "b"', 'printable ASCII without " and \\'],
  ['AUTH_REALM', 'a\\b', 'printable ASCII without " and \\'],
  ['AUTH_REALM', 'é', 'printable ASCII without " and \\'],
  ['AUTH_REALM', 'a\r\nx-injected: b', 'printable ASCII without " and \\'],
  ['AUTH_FAILURE_LIMIT', '-1', 'must be >= 0'],
  ['RATE_LIMIT', '1.5', 'must be integer'],
  ['RATE_LIMIT', '-1', 'must be >= 0'],
  ['REDIS_URL', '127.0.0.1:6379', 'must be a Redis URL (redis://'],
  ['REDIS_URL', 'redis://', 'must be a Redis URL (redis://'],
  ['ALLOWED_HOSTS', 'api.example:443', '"api.example:443" is invalid (Hosts that'],
  ['ALLOWED_HOSTS', 'http://api.example', '"http://api.example" is invalid (Hosts that'],
  ['ALLOWED_HOSTS', '*', '"*" is invalid (Hosts that'],
  ['ALLOWED_HOSTS', '::1', '"::1" is invalid (Hosts that'],
  ['ALLOWED_HOSTS', '[10.0.0.1]', '"[10.0.0.1]" is invalid (Hosts that'],
  ['TRUST_PROXY', 'true', '"true" is invalid (Proxies whose'],
  ['TRUST_PROXY', '127.0.0.1 1', '"1" is invalid (Proxies whose'],
  ['TRUST_PROXY', '0.0.0.0/0', '"0.0.0.0/0" is invalid (Proxies whose'],
  ['CORS_ORIGIN', 'null', '"null" is invalid (Origins whose pages'],
  ['CORS_ORIGIN', 'a.example', '"a.example" is invalid (Origins whose pages'],
  ['CORS_ORIGIN', 'https://a.example/', '"https://a.example/" is invalid (Origins whose pages'],
  [
    'CORS_ORIGIN',
    'https://a.example:443',
    '"https://a.example:443" is invalid (Origins whose pages',
  ],
  ['CORS_ORIGIN', 'https://A.example', '"https://A.example" is invalid (Origins whose pages'],
  ['CORS_ORIGIN', 'https://a.example/*', '"https://a.example/*" is invalid (Origins whose pages'],
  ['CORS_ORIGIN', 'ftp://a.example', '"ftp://a.example" is invalid (Origins whose pages'],
  ['CORS_ORIGIN', 'https://*.example', '"https://*.example" is invalid (Origins whose pages'],
  ['SECURITY_CONTACT', 'security@a.example', '"security@a.example" is invalid (URLs for reports'],
  ['SECURITY_CONTACT', 'http://a.example', '"http://a.example" is invalid (URLs for reports'],
  ['SECURITY_CONTACT', 'https://', '"https://" is invalid (URLs for reports'],
  ['FORWARDED_HOST', 'yes', 'must be boolean'],
  ['FORWARDED_PREFIX', '/api', 'must be boolean'],
  ['BODY_LIMIT', '0', 'must be >= 1'],
  ['BODY_VALUES_LIMIT', '0', 'must be >= 1'],
  ['BODY_LIMIT', '1MB', 'must be integer'],
  ['WORKERS', '0', 'must be a number of processes, or auto'],
  ['REQUEST_TIMEOUT', '9', 'must be >= 10'],
  ['REPLY_TIMEOUT', '9', 'must be >= 10'],
  ['MIN_BYTES_PER_SECOND', '0', 'must be >= 1'],
  ['MAX_CONNECTIONS', '0', 'must be >= 1'],
  ['MAX_CONNECTIONS_PER_NETWORK', '0', 'must be >= 1'],
  ['EVENT_LOOP_BUDGET_MS', '60001', 'must be <= 60000'],
  ['MAX_MEMORY', '-1', 'must be >= 0'],
  ['SHUTDOWN_DELAY', '-1', 'must be >= 0'],
  ['SHUTDOWN_TIMEOUT', '600001', 'must be <= 600000'],
]

for (const [key, text, expectation] of BAD_VALUES) {
  const value = JSON.stringify(text)
  t.test(
    `parseConfig() refuses ${key}=${value} with one line that states the reason`,
    async (t) => {
      const error = refusalOf({ [key]: text })
      t.ok(
        error.message.startsWith(`${key} is ${value}: `),
        'the message names the variable and the value',
      )
      t.ok(error.message.includes(expectation), `the message contains: ${expectation}`)
      t.notMatch(error.message, /[\r\n]/, 'the message is one line')
    },
  )
}

const URLS_WITH_PASSWORD = [
  'postgres:luis:hunter2@localhost/api',
  'postgres:/luis:hunter2@localhost/api',
  'postgre://luis:hunter2@localhost/api',
  'postgres//luis:hunter2@localhost/api',
  'pg://localhost/api?user=luis&password=hunter2',
  'pg://localhost/api?PASSWORD=hunter2&user=luis',
  'pg://localhost/api?sslpassword=hunter2',
  'host=localhost dbname=/api password=hunter2',
  "host=localhost dbname=/api password = 'hunter2 hunter2'",
  'postgres://luis:hunter2@localhost/api\n',
  'mysql://luis:hunter2@localhost/api',
  'mysql://luis:hunter2@localhost:3306/api',
  'mysql://:hunter2@localhost/api',
  'mysql://luis:hunter2:hunter2@localhost/api',
  'mysql://luis:hunter2/hunter2@localhost/api',
  'mysql://luis:hunter2@hunter2@localhost/api',
  'mysql://luis:hunter2\nhunter2@localhost/api',
]

for (const url of URLS_WITH_PASSWORD) {
  t.test(
    `parseConfig() refuses ${JSON.stringify(url)} with a message that does not contain the password`,
    async (t) => {
      const { message } = refusalOf({ DATABASE_URL: url })
      t.match(message, /^DATABASE_URL is ".*localhost.*\/api.*": must be a SQLite or/)
      t.notMatch(message, 'hunter2')
    },
  )
}

t.test('parseConfig() refuses several workers with a database in memory', async (t) => {
  const DATABASE_URL = 'sqlite::memory:'
  t.match(refusalOf({ DATABASE_URL, WORKERS: '2' }), {
    message:
      'WORKERS is "2": sqlite::memory: allows only 1, since each process would have a database of its own',
  })
  t.match(parseConfig({ DATABASE_URL, WORKERS: '1' }), { server: { workers: 1 } })
})

t.test('parseConfig() refuses to wait for migrations of a database in memory', async (t) => {
  t.match(refusalOf({ DATABASE_URL: 'sqlite::memory:', MIGRATE: 'check' }), {
    message:
      'MIGRATE is "check": sqlite::memory: allows only auto, since no other process can migrate this database',
  })
})

t.test('defaultOf() returns undefined for an unknown variable', async (t) => {
  t.equal(defaultOf('PORT'), 5000)
  t.equal(defaultOf('NO_SUCH_KEY'), undefined)
})

const EXAMPLE = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8')

const SECRET_VALUES = {
  DATABASE_URL: 'sqlite:b.db',
  AUTH_USERS: ACCOUNT.AUTH_USERS,
  AUTH_TOKENS: `bot::${'0'.repeat(64)}`,
  REDIS_URL: 'redis://127.0.0.1',
}
for (const key of SECRETS) {
  t.test(`${key} can be read from a file`, async (t) => {
    const value = SECRET_VALUES[key]
    const file = join(t.testdir({ secret: `${value}\n` }), 'secret')
    const variable = `${key}_FILE`
    t.strictSame(parseConfig({ [variable]: file }), parseConfig({ [key]: value }))
    t.notMatch(parseConfig({ [variable]: file }), parseConfig({}))
    t.equal(
      refusalOf({ [key]: value, [variable]: file }).message,
      `${key} and ${variable} are both set: remove one of them`,
    )
    t.match(
      refusalOf({ [variable]: `${file}s` }).message,
      new RegExp(`^${variable} is ".*secrets": ENOENT`),
    )
    writeFileSync(file, '\n')
    t.match(
      refusalOf({ [variable]: file }).message,
      new RegExp(`^${variable} is ".*secret": the file is empty; write the value of ${key} to it`),
    )
  })
}

t.test('.env.example sets every variable to its default, in order', async (t) => {
  const defaults = KEYS.map((key) => [key, String(defaultOf(key))])
  const keys = [...EXAMPLE.matchAll(/^(\w+)=/gm)].map(([, key]) => key)
  t.strictSame(keys, KEYS)
  t.strictSame({ ...parseEnv(EXAMPLE) }, Object.fromEntries(defaults))
  t.strictSame(
    parseConfig(parseEnv(EXAMPLE)),
    parseConfig({}),
    'the file results in the default configuration',
  )
})

t.test('.env.example describes every variable in the words of the schema', async (t) => {
  const blocks = EXAMPLE.matchAll(/((?:^# .*\n)+)(\w+)=/gm)
  const comments = [...blocks].map(([, comment = '', key]) => [
    key,
    comment.replace(/^# /gm, '').trim().replaceAll('\n', ' '),
  ])
  const descriptions = Object.entries(Environment.properties).map(([key, schema]) => [
    key,
    Reflect.get(schema, 'description'),
  ])
  t.strictSame(Object.fromEntries(comments), Object.fromEntries(descriptions))
})

t.test(
  'parseDatabaseConfig() ignores invalid variables that do not concern the database',
  async (t) => {
    const env = { DATABASE_URL: 'sqlite:a.db', HOST: '0.0.0.0', PORT: 'x', AUTH_USERS: 'no entry' }
    t.match(parseDatabaseConfig(env), {
      url: 'sqlite:a.db',
      timeoutMs: 1_000,
      connections: 10,
    })
    t.throws(() => parseDatabaseConfig({ DATABASE_TIMEOUT: '1' }), {
      constructor: ConfigError,
      message: /^DATABASE_TIMEOUT is "1": /,
    })
    t.throws(() => parseDatabaseConfig({ DATABASE_URL: 'a.db' }, '--to'), {
      constructor: ConfigError,
      message: /^--to is "a\.db": /,
    })
  },
)

import { spawnSync } from 'node:child_process'
import t from 'tap'
import { parseConfig } from '../../src/config.ts'
import { ACCOUNT } from '../app.ts'
import { freePort } from '../free-port.ts'
import { startProgram } from '../program.ts'
import { skipUnless } from '../requirement.ts'
import { CONTAINER_ENVIRONMENT, KEYS, lastOf, numberOf, readText, readYaml } from './files.ts'
import { upstreams } from './nginx-configuration.ts'

interface Service {
  image: string
  build?: string
  profiles?: string[]
  environment?: Record<string, string>
  ports?: string[]
  volumes?: string[]
  depends_on?: Record<string, { condition: string }>
  healthcheck?: object
  command?: string[]
  user?: string
  read_only?: boolean
  cap_drop?: string[]
  security_opt?: string[]
  mem_limit?: string
  pids_limit?: number
  logging?: object
  stop_grace_period?: string
}

const { name, services, volumes } = readYaml<{
  name: string
  services: Record<string, Service>
  volumes: Record<string, null>
}>('compose.yaml')

const built = Object.entries(services).filter(([, { build }]) => build !== undefined)
const started = Object.entries(services).filter(([, { profiles }]) => profiles === undefined)
const replicas = built.filter(([, { profiles }]) => profiles?.includes('replicas'))

t.test('docker compose up starts only the service, with its data on a volume', async (t) => {
  t.strictSame(
    started.map(([name]) => name),
    ['api'],
  )
  t.strictSame(services.api?.volumes, [`data:${lastOf('VOLUME')}`])
  const { PORT } = CONTAINER_ENVIRONMENT
  t.strictSame(services.api?.ports, [`127.0.0.1:${PORT}:${PORT}`])
})

t.test('compose.yaml has the name of the service', async (t) => {
  t.equal(name, JSON.parse(readText('package.json')).name)
})

t.test('the profile "replicas" starts nginx, its dependencies and three replicas', async (t) => {
  const needed = new Set(['nginx'])
  for (const name of needed) {
    for (const [other, { condition }] of Object.entries(services[name]?.depends_on ?? {})) {
      needed.add(other)
      t.equal(condition, 'service_healthy', `${name} waits for ${other}`)
      t.ok(services[other]?.build ?? services[other]?.healthcheck, `${other} has a health check`)
    }
  }
  const inProfile = Object.keys(services).filter((name) =>
    services[name]?.profiles?.includes('replicas'),
  )
  t.strictSame([...needed].sort(), inProfile.sort())
  t.equal(replicas.length, 3)
})

t.test('nginx forwards to the port of each replica', async (t) => {
  t.strictSame(
    upstreams,
    replicas.map(([name]) => `${name}:${CONTAINER_ENVIRONMENT.PORT}`),
  )
  const [, port] = /listen (\d+)/.exec(readText('deploy/nginx.conf')) ?? []
  t.strictSame(services.nginx?.ports, [`127.0.0.1:8080:${port}`])
  t.strictSame(services.nginx?.volumes, ['./deploy/nginx.conf:/etc/nginx/nginx.conf:ro'])
})

t.test(
  'replicas share one PostgreSQL database, and log in with its user and password',
  async (t) => {
    for (const [name, { environment = {} }] of replicas) {
      const { username, password, hostname, pathname } = new URL(environment.DATABASE_URL ?? '')
      const postgres = services[hostname]?.environment
      t.equal(username, postgres?.POSTGRES_USER, name)
      t.equal(pathname, `/${username}`, 'the database has the name of its user')
      t.equal(password, '')
      t.equal(environment.PGPASSWORD, postgres?.POSTGRES_PASSWORD)
      const redis = /^redis:\/\/:(?<password>\$\{\w+:-\})@(?<host>\w+):6379$/.exec(
        environment.REDIS_URL ?? '',
      )?.groups
      t.equal(redis?.password, services[redis?.host ?? '']?.environment?.REDISCLI_AUTH)
    }
  },
)

t.test(
  'the service reads every variable, and every secret comes from the environment',
  async (t) => {
    for (const [name, { environment = {} }] of built) {
      for (const key of Object.keys(environment)) {
        t.ok(KEYS.has(key) || key === 'PGPASSWORD', `${name}: ${key}`)
      }
    }
    const secrets = Object.values(services)
      .flatMap(({ environment = {} }) => Object.entries(environment))
      .filter(([key]) => /PASSWORD|AUTH/.test(key))
    t.ok(secrets.length > 0)
    for (const [key, value] of secrets) t.match(value, /^\$\{[A-Z_]+:-\}$/, key)
  },
)

t.test('every container is hardened, and limits its memory and its log', async (t) => {
  for (const [name, service] of Object.entries(services)) {
    t.match(
      service,
      {
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        mem_limit: /^\d+[mg]$/,
        pids_limit: 200,
        logging: { driver: 'local', options: { 'max-size': '20m', 'max-file': '5' } },
      },
      name,
    )
    // The image of the service has a user of its own, which container.test.ts checks. Caddy's image has only root.
    if (!service.build && name !== 'caddy') t.match(service.user, /^[1-9]\d*:[1-9]\d*$/, name)
  }
})

/** Runs the command or health check of Redis with a password, without the `$$` of Compose. */
function argumentsOf(command: string[] | undefined): [string, string[]] {
  const [program = '', ...args] = command ?? []
  return [program, args.map((text) => text.replaceAll('$$', '$'))]
}

t.test('Redis requires the password', { skip: skipUnless('redis-server') }, async (t) => {
  const { command, healthcheck, environment = {} } = services.redis ?? {}
  t.strictSame(Object.keys(environment), ['REDISCLI_AUTH'])
  const [program, args] = argumentsOf(command)
  const { PATH } = process.env
  const refused = spawnSync(program, args, { env: { PATH, REDISCLI_AUTH: '' }, encoding: 'utf8' })
  t.match(refused.stderr, 'REDISCLI_AUTH: set REDIS_PASSWORD')
  t.equal(refused.status, 2, 'it does not start without a password')

  const port = await freePort()
  const REDISCLI_AUTH = 'a1b2'
  const adapted = args.map((text) => text.replace('requirepass', `port ${port}\nrequirepass`))
  const env = { PATH, REDISCLI_AUTH }
  await startProgram(t, program, adapted, port, env)
  const [, check = ''] = (healthcheck as { test: string[] }).test
  const isHealthy = (env: NodeJS.ProcessEnv) =>
    spawnSync('sh', ['-c', check.replace('redis-cli', `redis-cli -p ${port}`)], { env }).status ===
    0
  t.ok(isHealthy(env))
  t.notOk(isHealthy({ PATH }), 'the health check needs the password')
})

t.test('the service has enough time to stop', async (t) => {
  for (const [name, { stop_grace_period = '', environment = {} }] of built) {
    const shutdown =
      numberOf(environment, 'SHUTDOWN_DELAY') + numberOf(environment, 'SHUTDOWN_TIMEOUT')
    t.ok(
      Number(stop_grace_period.replace('s', '')) * 1_000 > shutdown,
      `${name}: ${stop_grace_period}`,
    )
  }
})

t.test('every volume is declared', async (t) => {
  const named = Object.values(services)
    .flatMap((service) => service.volumes ?? [])
    .map((volume) => volume.split(':')[0])
    .filter((name) => !name?.startsWith('.'))
  t.strictSame(named.sort(), Object.keys(volumes).sort())
})

t.test('Caddy forwards to the service, and does not start until DOMAIN is filled in', async (t) => {
  const { caddy } = services
  t.strictSame(Object.keys(caddy?.depends_on ?? {}), ['api'])
  t.match(caddy?.volumes, ['./deploy/Caddyfile:/etc/caddy/Caddyfile:ro', 'caddy:/data'])
  const { DOMAIN = '', UPSTREAMS } = caddy?.environment ?? {}
  t.equal(UPSTREAMS, `\${UPSTREAMS:-api:${CONTAINER_ENVIRONMENT.PORT}}`)
  t.match(DOMAIN, /^\$\{DOMAIN:-localhost:set-DOMAIN/) // caddy.test.ts shows that Caddy refuses this
})

t.test('the replicas do not start until TRUST_PROXY is filled in', async (t) => {
  for (const [name, { environment = {} }] of replicas) {
    const [, TRUST_PROXY] = /^\$\{TRUST_PROXY:-(.+)\}$/.exec(environment.TRUST_PROXY ?? '') ?? []
    const expected = { message: /^TRUST_PROXY is "set-this/ }
    t.throws(() => parseConfig({ ...ACCOUNT, TRUST_PROXY }), expected, name)
  }
})

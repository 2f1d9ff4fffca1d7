import t from 'tap'
import { parseConfig } from '../../src/config.ts'
import { ACCOUNT } from '../app.ts'
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
  read_only?: boolean
  cap_drop?: string[]
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
  const inProfile = Object.keys(services).filter((name) => services[name]?.profiles)
  t.strictSame([...needed].sort(), inProfile.sort())
  t.equal(replicas.length, 3)
})

t.test('nginx forwards to the port of each replica', async (t) => {
  t.strictSame(
    upstreams,
    replicas.map(([name]) => `${name}:${CONTAINER_ENVIRONMENT.PORT}`),
  )
  const [, port] = /listen (\d+);/.exec(readText('deploy/nginx.conf')) ?? []
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
      t.ok(new URL(environment.REDIS_URL ?? '').hostname in services)
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
      .filter(([key]) => /PASSWORD|AUTH_/.test(key))
    t.ok(secrets.length > 0)
    for (const [key, value] of secrets) t.match(value, /^\$\{[A-Z_]+:-\}$/, key)
  },
)

t.test('the service runs read-only, without privileges, with enough time to stop', async (t) => {
  for (const [name, { read_only, cap_drop, stop_grace_period = '', environment = {} }] of built) {
    t.equal(read_only, true, name)
    t.strictSame(cap_drop, ['ALL'], name)
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

t.test('the replicas do not start until TRUST_PROXY is filled in', async (t) => {
  for (const [name, { environment = {} }] of replicas) {
    const [, TRUST_PROXY] = /^\$\{TRUST_PROXY:-(.+)\}$/.exec(environment.TRUST_PROXY ?? '') ?? []
    const expected = { message: /^TRUST_PROXY is "set-this/ }
    t.throws(() => parseConfig({ ...ACCOUNT, TRUST_PROXY }), expected, name)
  }
})

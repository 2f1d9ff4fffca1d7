/**
 * Measures the service with several processes: `node bench/scale.ts postgres://… redis://… [ROUNDS] [SECONDS]`. The
 * benchmark creates tables and rows in the database of the first URL. Both servers must run on this machine.
 *
 * Measures one and two workers on SQLite, and one, two and three replicas on PostgreSQL behind nginx, the last also with
 * Redis. All processes share the processors with the load generator, so CPU time per request says more than requests per
 * second. Prints the rows of a table.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashPassword } from '../plugins/auth/password.ts'
import { configurationFor, withoutRequestLimit } from '../test/deploy/nginx-configuration.ts'
import { median } from '../test/reliability/median.ts'
import { DEPLOYED, deploy } from './deployed.ts'
import { load, verify } from './load.ts'
import { cpuTimeOfAll, type Running, start } from './process.ts'
import { service } from './servers.ts'
import { choose, WORKLOADS, type Workload } from './workloads.ts'

const [DATABASE_URL = '', REDIS_URL = '', rounds = '7', seconds = '3'] = process.argv.slice(2)

/** More connections than the other benchmarks have, so that each replica handles several requests at a time. */
const CONNECTIONS = 32

const LOADS: Workload[] = choose(WORKLOADS, ['row', 'page', 'create64']).map((each) => ({
  ...each,
  connections: CONNECTIONS,
}))

/** Requests per second, and CPU time per request in microseconds. */
interface Figures {
  rate: number
  service: number
  nginx: number
  postgres: number
  redis: number
}

/** The process that receives the requests, and the processes of the service that handle them. */
interface Arrangement {
  name: string
  front: Running
  services: Running[]
}

process.setMaxListeners(0) // each server adds an exit listener
deploy()
const folder = mkdtempSync(join(tmpdir(), 'scale-'))
const running: Running[] = []

/** An account, since the service accepts no proxy with the tutorial's accounts. */
const AUTH_USERS = `admin:write:${await hashPassword('secret')}`

async function startService(name: string, environment: Record<string, string>) {
  const command = { ...service(name, name, { AUTH_USERS, ...environment }), processors: '0,1' }
  const at = await start({ ...command, command: [process.execPath, START] }, join(folder, name))
  running.push(at)
  return at
}

const START = join(DEPLOYED, 'src/start.js')

async function startNginx(name: string, replicas: Running[]) {
  const directory = join(folder, name)
  mkdirSync(directory)
  const file = join(directory, 'nginx.conf')
  const hosts = replicas.map(({ url }) => new URL(url).host)
  const at = await start(
    {
      command: ['nginx', '-c', file, '-g', `daemon off; pid ${directory}/pid;`],
      processors: '0,1',
      environment: (port) => {
        // The configuration needs three upstream servers. For fewer replicas, their addresses are repeated, which nginx
        // treats as one server.
        const named = [0, 1, 2].map((index) => hosts[index % hosts.length] ?? '')
        writeFileSync(file, withoutRequestLimit(configurationFor(port, named, directory)))
        return {}
      },
    },
    directory,
  )
  running.push(at)
  return at
}

async function arrange(): Promise<Arrangement[]> {
  const one = await startService('one', {})
  const two = await startService('two', { WORKERS: '2' })
  const replicas: Running[] = []
  const arrangements = [
    { name: 'WORKERS=1, SQLite', front: one, services: [one] },
    { name: 'WORKERS=2, SQLite', front: two, services: [two] },
  ]
  for (const count of [1, 2, 3]) {
    replicas.push(await startService(`replica-${count}`, { DATABASE_URL }))
    const services = [...replicas]
    const front = await startNginx(`nginx-${count}`, services)
    arrangements.push({ name: `nginx, ${count} on PostgreSQL`, front, services })
  }
  const services: Running[] = []
  for (const name of ['redis-1', 'redis-2', 'redis-3'])
    services.push(await startService(name, { DATABASE_URL, REDIS_URL }))
  const front = await startNginx('nginx-redis', services)
  arrangements.push({ name: 'nginx, 3 on PostgreSQL and Redis', front, services })
  return arrangements
}

async function measure({ front, services }: Arrangement, workload: Workload): Promise<Figures> {
  const measureTimes = () => ({
    service: services.reduce((sum, each) => sum + each.cpuTime(), 0),
    postgres: cpuTimeOfAll('postgres'),
    redis: cpuTimeOfAll('redis-server'),
  })
  const before = measureTimes()
  const { rate, cpu } = await load(front, workload, Number(seconds))
  const after = measureTimes()
  const requests = rate * Number(seconds)
  return {
    rate,
    service: (after.service - before.service) / requests,
    nginx: services.includes(front) ? 0 : cpu,
    postgres: (after.postgres - before.postgres) / requests,
    redis: (after.redis - before.redis) / requests,
  }
}

function rowOf({ name, services }: Arrangement, { title }: Workload, samples: Figures[]): string {
  const figures = (['rate', 'service', 'nginx', 'postgres', 'redis'] as const).map((key) =>
    median(samples.map((each) => each[key])).toFixed(key === 'redis' ? 1 : 0),
  )
  const memory = services.map((each) => each.residentSize().toFixed(0)).join(' + ')
  return `| ${[title, name, ...figures, memory].join(' | ')} |`
}

try {
  const arrangements = await arrange()
  for (const workload of LOADS) {
    const samples = arrangements.map(() => [] as Figures[])
    for (const each of arrangements) await verify(each.name, each.front, workload)
    for (let round = 0; round <= Number(rounds); round++) {
      for (const [index, each] of arrangements.entries()) {
        const figures = await measure(each, workload)
        if (round > 0) samples[index]?.push(figures) // the first round is a warm-up
      }
    }
    for (const [index, each] of arrangements.entries())
      console.log(rowOf(each, workload, samples[index] ?? []))
  }
} finally {
  for (const at of running.toReversed()) await at.stop()
  rmSync(folder, { recursive: true })
}

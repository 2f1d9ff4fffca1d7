/**
 * Measures the service with several processes: `node bench/scale.ts postgres://…`. The benchmark creates tables and rows
 * in the database of that URL.
 *
 * Measures one and two workers on SQLite, and one, two and three replicas on PostgreSQL behind nginx. All processes share
 * the processors with the load generator, so CPU time per request says more than requests per second.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configurationFor, withoutRequestLimit } from '../test/deploy/nginx-configuration.ts'
import { median } from '../test/reliability/median.ts'
import { DEPLOYED, deploy } from './deployed.ts'
import { load, verify } from './load.ts'
import { type Running, start } from './process.ts'
import { service } from './servers.ts'
import type { Workload } from './workloads.ts'

const [DATABASE_URL = '', rounds = '7', seconds = '3'] = process.argv.slice(2)

const READ: Workload = {
  name: 'read',
  title: 'an article',
  method: 'GET',
  path: '/articles/123',
  headers: { accept: 'application/json' },
  status: 200,
  contains: '"id":123',
  connections: 32,
}

/** The process that receives the requests, and the processes of the service that handle them. */
interface Arrangement {
  name: string
  front: Running
  services: Running[]
}

deploy()
const folder = mkdtempSync(join(tmpdir(), 'scale-'))
const running: Running[] = []

async function startService(name: string, environment: Record<string, string>) {
  const command = { ...service(name, name, environment), processors: '0,1' }
  const at = await start({ ...command, command: [process.execPath, START] }, join(folder, name))
  running.push(at)
  return at
}

const START = join(DEPLOYED, 'src/start.js')

async function startNginx(replicas: Running[]) {
  const directory = join(folder, `nginx-${replicas.length}`)
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
    const front = await startNginx(services)
    arrangements.push({ name: `nginx, ${count} on PostgreSQL`, front, services })
  }
  return arrangements
}

try {
  const arrangements = await arrange()
  const samples = arrangements.map(() => [] as { rate: number; service: number; nginx: number }[])
  for (let round = 0; round <= Number(rounds); round++) {
    for (const [index, { name, front, services }] of arrangements.entries()) {
      if (round === 0) await verify(name, front, READ)
      const before = services.map((each) => each.cpuTime())
      const { rate, cpu } = await load(front, READ, Number(seconds))
      const spent = services.map((each, index) => each.cpuTime() - (before[index] ?? 0))
      const own = spent.reduce((sum, each) => sum + each, 0) / (rate * Number(seconds))
      // the first round is a warm-up and does not count
      if (round > 0)
        samples[index]?.push({ rate, service: own, nginx: services.includes(front) ? 0 : cpu })
    }
  }
  for (const [index, { name, services }] of arrangements.entries()) {
    const all = samples[index] ?? []
    console.log(
      name.padEnd(24),
      `${median(all.map(({ rate }) => rate)).toFixed(0)}/s`.padStart(8),
      `service ${median(all.map(({ service }) => service)).toFixed(0)} µs`,
      `nginx ${median(all.map(({ nginx }) => nginx)).toFixed(0)} µs`,
      `memory ${services.map((each) => each.residentSize().toFixed(0)).join(' + ')} MiB`,
    )
  }
} finally {
  for (const at of running.toReversed()) await at.stop()
  rmSync(folder, { recursive: true })
}

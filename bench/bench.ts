/**
 * Measures the CPU time per request of this service and of other frameworks.
 *
 *     npm run bench                           measures all servers, and updates docs/benchmarks.md
 *     npm run bench -- --only service --only bare --workload json --rounds 3
 *     npm run bench -- --without logging      measures the cost of a plugin; `all` measures each plugin
 *     npm run bench -- --check                fails if this version is slower than the base commit (bench/check.ts)
 *     npm run bench -- --check --base v1.2.0  uses the revision v1.2.0 as the base commit
 *
 * If TEST_DATABASE_URL names a PostgreSQL server, also measures this service and bare Fastify on it.
 *
 * Needs Linux and two cores. All commands except --check also need wrk. A full run takes less than half an hour.
 */
import { parseArgs } from 'node:util'
import { keepAwake } from './awake.ts'
import { drawChart } from './chart.ts'
import { CHECKED_WORKLOADS, check } from './check.ts'
import { deploy } from './deployed.ts'
import { measure, measureInSessions, SESSIONS } from './measure.ts'
import {
  createDatabases,
  POSTGRES_SERVERS,
  POSTGRES_WORKLOADS,
  postgresServers,
} from './postgres.ts'
import { publish, writeAblation, writePostgres, writeResults } from './report.ts'
import { describeMachine, findVersions, save } from './results.ts'
import { missingFor, PLUGINS, SERVERS, type Server, without } from './servers.ts'
import { choose, WORKLOADS, type Workload } from './workloads.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    workload: { type: 'string', multiple: true, default: [] },
    without: { type: 'string', multiple: true, default: [] },
    rounds: { type: 'string', default: '9' },
    check: { type: 'boolean', default: false },
    base: { type: 'string' },
  },
})
const { only, workload, without: plugins } = values
const rounds = readRounds(Number(values.rounds))
const QUICK = { log: console.error, withStarts: false }
const date = new Date().toISOString().slice(0, 10)
const machine = describeMachine()
const isFull = only.length === 0 && workload.length === 0
process.setMaxListeners(0) // each server adds an exit listener

// process.exit runs the exit listeners, which stop the servers and remove temporary files
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1))

if (!keepAwake())
  console.error(
    'no permission to keep processors awake, so the figures include the CPU time of waking them: run as root (bench/awake.ts)',
  )

if (values.check) {
  if (!(await check(choose(CHECKED_WORKLOADS, workload), values.base))) process.exitCode = 1
} else if (plugins.length > 0) {
  deploy()
  await ablate(plugins.includes('all') ? PLUGINS : plugins)
} else {
  deploy()
  await run()
  await runOnPostgres()
}

/** Returns `wanted`, rounded up to a multiple of SESSIONS. @throws {Error} if `wanted` is not a positive integer. */
function readRounds(wanted: number): number {
  if (!Number.isInteger(wanted) || wanted < 1)
    throw new Error('--rounds must be an integer of at least 1')
  return Math.ceil(wanted / SESSIONS) * SESSIONS
}

/** Measures the selected servers and workloads. Saves the results only if all servers and workloads are selected. */
async function run() {
  const servers = choose(SERVERS, only).filter(isThere)
  const measured = await measureInSessions(servers, choose(WORKLOADS, workload), rounds, {
    log: console.error,
    withStarts: true,
  })
  const results = {
    date,
    machine,
    versions: findVersions(),
    rounds,
    sessions: SESSIONS,
    servers: measured,
  }
  const text = writeResults(results)
  console.log(text)
  if (!isFull) return
  save({ results })
  publish('frameworks', text)
  drawChart(measured, 'json')
}

/** Measures the selected servers and workloads on PostgreSQL, if there is a server. */
async function runOnPostgres() {
  const url = process.env.TEST_DATABASE_URL
  if (!url) return console.error('skipping PostgreSQL: TEST_DATABASE_URL is not set')
  const isSelected = (selected: string[], name: string) =>
    selected.length === 0 || selected.includes(name)
  const names = POSTGRES_SERVERS.filter((name) => isSelected(only, name))
  const workloads = POSTGRES_WORKLOADS.filter((name) => isSelected(workload, name))
  if (names.length === 0 || workloads.length === 0) return
  const databases = await createDatabases(url, names)
  try {
    const servers = postgresServers(SERVERS, databases.urls)
    const options = { log: console.error, withStarts: false }
    const measured = await measureInSessions(servers, choose(WORKLOADS, workloads), rounds, options)
    const postgres = { date, machine, rounds, sessions: SESSIONS, servers: measured }
    const text = writePostgres(postgres)
    console.log(text)
    if (!isFull) return
    save({ postgres })
    publish('postgres', text)
  } finally {
    await databases.remove()
  }
}

function isThere(server: Server): boolean {
  const reason = missingFor(server)
  if (reason) console.error(`skipping ${server.title}: ${reason}`)
  return reason === undefined
}

/** Measures the cost of each plugin, by comparing the service with the service without the plugin's hooks. */
async function ablate(plugins: readonly string[]) {
  const workloads = choose(WORKLOADS, workload.length > 0 ? workload : ['json'])
  const [whole, bare] = choose(SERVERS, ['service', 'bare'])

  async function costOf(what: string, other: Server | undefined) {
    console.error(`without ${what}`)
    const pair = [whole, other].filter((server) => server !== undefined)
    const [dear, cheap] = await measure(pair, workloads, rounds, { ...QUICK, log() {} })
    const saved = ({ name }: Workload) =>
      Number(dear?.workloads[name]?.cpu) - Number(cheap?.workloads[name]?.cpu)
    return Object.fromEntries(workloads.map((each) => [each.name, saved(each)]))
  }

  const all = await costOf('any of them', bare)
  const costs: Record<string, Record<string, number>> = {}
  for (const plugin of plugins) costs[plugin] = await costOf(plugin, without(plugin))
  const ablation = { date, machine, rounds, whole: all, plugins: costs }
  const text = writeAblation(ablation)
  console.log(text)
  if (!values.without.includes('all')) return
  save({ ablation })
  publish('plugins', text)
}

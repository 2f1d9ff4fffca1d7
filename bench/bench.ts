/**
 * Measures the CPU time of a request, of this service and of others.
 *
 *     npm run bench                           all servers; updates docs/benchmarks.md
 *     npm run bench -- --only service --only bare --work json --rounds 3
 *     npm run bench -- --without logging      the cost of a plugin; `all` for each of them
 *     npm run bench -- --check                fails if slower than the base commit (bench/check.ts)
 *     npm run bench -- --check --base v1.2.0  fails if slower than this revision
 *
 * Needs Linux and two cores, and wrk except for --check. A full run takes less than half an hour.
 */
import { parseArgs } from 'node:util'
import { keepAwake } from './awake.ts'
import { drawChart } from './chart.ts'
import { CHECKED_WORKS, check } from './check.ts'
import { deploy } from './deployed.ts'
import { measure, measureInSessions, SESSIONS } from './measure.ts'
import { publish, writeAblation, writeResults } from './report.ts'
import { describeMachine, findVersions, save } from './results.ts'
import { missingFor, PLUGINS, SERVERS, type Server, without } from './servers.ts'
import { choose, WORKS, type Work } from './work.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    work: { type: 'string', multiple: true, default: [] },
    without: { type: 'string', multiple: true, default: [] },
    rounds: { type: 'string', default: '9' },
    check: { type: 'boolean', default: false },
    base: { type: 'string' },
  },
})
const { only, work, without: plugins } = values
const rounds = readRounds(Number(values.rounds))
const QUICK = { log: console.error, withStarts: false }
const date = new Date().toISOString().slice(0, 10)
const machine = describeMachine()
const isFull = only.length === 0 && work.length === 0
process.setMaxListeners(0) // one for each server

// runs the exit listeners, which stop the servers and remove temporary files
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1))

if (!keepAwake())
  console.error(
    'no permission to keep processors awake: waking them counts as CPU time (bench/awake.ts)',
  )

if (values.check) {
  if (!(await check(choose(CHECKED_WORKS, work), values.base))) process.exitCode = 1
} else if (plugins.length > 0) {
  deploy()
  await ablate(plugins.includes('all') ? PLUGINS : plugins)
} else {
  deploy()
  await run()
}

/** Rounds up to a multiple of the sessions. @throws {Error} if it is no number of rounds. */
function readRounds(wanted: number): number {
  if (!Number.isInteger(wanted) || wanted < 1)
    throw new Error('--rounds must be an integer of at least 1')
  return Math.ceil(wanted / SESSIONS) * SESSIONS
}

/** Measures the selected servers and works; saves the results if none were selected. */
async function run() {
  const servers = choose(SERVERS, only).filter(isThere)
  const measured = await measureInSessions(servers, choose(WORKS, work), rounds, {
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
  publish('peers', text)
  drawChart(measured, 'json')
}

function isThere(server: Server): boolean {
  const reason = missingFor(server)
  if (reason) console.error(`skipping ${server.title}: ${reason}`)
  return reason === undefined
}

/** Measures the cost of each plugin: the service beside itself with the plugin's hooks disabled. */
async function ablate(plugins: readonly string[]) {
  const works = choose(WORKS, work.length > 0 ? work : ['json'])
  const [whole, bare] = choose(SERVERS, ['service', 'bare'])

  async function costOf(what: string, other: Server | undefined) {
    console.error(`without ${what}`)
    const pair = [whole, other].filter((server) => server !== undefined)
    const [dear, cheap] = await measure(pair, works, rounds, { ...QUICK, log() {} })
    const saved = ({ name }: Work) =>
      Number(dear?.works[name]?.cpu) - Number(cheap?.works[name]?.cpu)
    return Object.fromEntries(works.map((each) => [each.name, saved(each)]))
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

/**
 * Measures what a request costs, here and elsewhere.
 *
 *     npm run bench                           all, and writes docs/benchmarks.md
 *     npm run bench -- --only service --only bare --work json --rounds 3
 *     npm run bench -- --without logging      what a plugin costs; `all` for each of them
 *     npm run bench -- --check                whether it has become slower
 *
 * It runs on Linux, with wrk and two cores. A full run takes less than half an hour.
 */
import { parseArgs } from 'node:util'
import { keepAwake } from './awake.ts'
import { drawChart } from './chart.ts'
import { CHECKED_WORKS, check } from './check.ts'
import { deploy } from './deployed.ts'
import { measure, measureInSittings, SITTINGS } from './measure.ts'
import { publish, writeAblation, writeResults } from './report.ts'
import { describeMachine, findVersions, keep } from './results.ts'
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
const QUICK = { tell: console.error, withStarts: false }
const date = new Date().toISOString().slice(0, 10)
const machine = describeMachine()
const isFull = only.length === 0 && work.length === 0
process.setMaxListeners(0) // one a server

// the servers end with this process
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1))

if (!keepAwake()) console.error('processors may sleep, and to wake them counts: see bench/awake.ts')

if (values.check) {
  if (!(await check(choose(CHECKED_WORKS, work), values.base))) process.exitCode = 1
} else if (plugins.length > 0) {
  deploy()
  await ablate(plugins.includes('all') ? PLUGINS : plugins)
} else {
  deploy()
  await run()
}

/** As many as fill the sittings. @throws {Error} where it is no number of rounds. */
function readRounds(wanted: number): number {
  if (!Number.isInteger(wanted) || wanted < 1)
    throw new Error('--rounds takes a whole number from 1')
  return Math.ceil(wanted / SITTINGS) * SITTINGS
}

/** Measures everything, or what was asked for; only everything is written down. */
async function run() {
  const servers = choose(SERVERS, only).filter(isThere)
  const measured = await measureInSittings(servers, choose(WORKS, work), rounds, {
    tell: console.error,
    withStarts: true,
  })
  const results = {
    date,
    machine,
    versions: findVersions(),
    rounds,
    sittings: SITTINGS,
    servers: measured,
  }
  const text = writeResults(results)
  console.log(text)
  if (!isFull) return
  keep({ results })
  publish('peers', text)
  drawChart(measured, 'json')
}

function isThere(server: Server): boolean {
  const reason = missingFor(server)
  if (reason) console.error(`${server.title} is left out, since ${reason}`)
  return reason === undefined
}

/** Measures what each of these plugins costs: the service beside itself without it, one after the other. */
async function ablate(plugins: readonly string[]) {
  const works = choose(WORKS, work.length > 0 ? work : ['json'])
  const [whole, bare] = choose(SERVERS, ['service', 'bare'])

  async function costOf(what: string, other: Server | undefined) {
    console.error(`without ${what}`)
    const pair = [whole, other].filter((server) => server !== undefined)
    const [dear, cheap] = await measure(pair, works, rounds, { ...QUICK, tell() {} })
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
  keep({ ablation })
  publish('plugins', text)
}

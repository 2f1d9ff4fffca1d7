import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sample } from './load.ts'
import { ratioTo } from './ratios.ts'
import type { Ablation, Figures, Results } from './results.ts'
import { WORKS } from './work.ts'

const DOCUMENT = join(import.meta.dirname, '../docs/benchmarks.md')

/** Replaces a generated section of docs/benchmarks.md. */
export function publish(section: 'peers' | 'plugins', text: string) {
  const document = readFileSync(DOCUMENT, 'utf8')
  const [begin, end] = [`<!-- ${section}: generated -->\n`, `<!-- ${section}: end -->`]
  const from = document.indexOf(begin)
  const to = document.indexOf(end)
  if (from < 0 || to < from)
    throw new Error(`${DOCUMENT} has no comments around the section ${section}`)
  const written = document.slice(0, from + begin.length) + text + document.slice(to)
  writeFileSync(DOCUMENT, written)
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`
  const rule = head.map((_, index) => (index === 0 ? '---' : '--:'))
  return `${[line(head), line(rule), ...rows.map(line)].join('\n')}\n`
}

/** Returns the works that were measured on any of the servers. */
function worksOf(servers: readonly Figures[]) {
  return WORKS.filter(({ name }) => servers.some(({ works }) => works[name]))
}

/** Returns a table of one figure: servers in rows, works in columns. */
function tableOf(servers: readonly Figures[], write: (server: Figures, work: string) => string) {
  const works = worksOf(servers)
  const rows = servers.map((server) => [
    server.title,
    ...works.map(({ name }) => (server.works[name] ? write(server, name) : '')),
  ])
  return table(['', ...works.map(({ title }) => title)], rows)
}

function figure(name: keyof Sample, digits: number) {
  return ({ works }: Figures, work: string) => Number(works[work]?.[name]).toFixed(digits)
}

/** Writes an empty cell if bare Fastify does not do the work. */
function writeRatio(servers: readonly Figures[]) {
  return ({ name }: Figures, work: string) => {
    const ratio = ratioTo(servers, name, work)
    return Number.isFinite(ratio) ? ratio.toFixed(2) : ''
  }
}

/** Returns the results as Markdown. */
export function writeResults(results: Results): string {
  const { date, machine, versions, rounds, sessions, servers } = results
  const sizes = servers.map(({ title, ...sizes }) => [
    title,
    ...[sizes.startTime, sizes.idle, sizes.loaded].map((size) => size.toFixed(0)),
  ])
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return `
![CPU time of the small JSON document on each server](images/benchmarks.svg)

${date}, ${machine}; ${named.join(', ')}. Medians of ${rounds} alternating rounds, in ${sessions} sessions.

CPU time per request, in microseconds:

${tableOf(servers, figure('cpu', 1))}
Requests in the CPU time that bare Fastify takes for one:

${tableOf(servers, writeRatio(servers))}
Median latency, in microseconds:

${tableOf(servers, figure('p50', 0))}
99th percentile of the latency, in microseconds:

${tableOf(servers, figure('p99', 0))}
Requests per second on one core:

${tableOf(servers, figure('rate', 0))}
${table(['', 'first response, ms', 'idle, MiB', 'loaded, MiB'], sizes)}
${writeBudgets(servers)}`
}

interface Budget {
  title: string
  value: number
  /** The budget is a minimum or a maximum. */
  least?: number
  most?: number
}

/** Returns the budgets of the service, as ratios within one run. */
function budgetsOf(servers: readonly Figures[]): Budget[] {
  const find = (name: string) => servers.find((server) => server.name === name)
  const [ours, bare, raw] = ['service', 'bare', 'raw'].map(find)
  const between = (a: number | undefined, b: number | undefined) => Number(a) / Number(b)
  const cost = (work: string) => ours?.works[work]?.cpu
  const PEERS = ['fastify-usual', 'express', 'hono', 'nest', 'flask']
  const ahead = PEERS.filter(find).flatMap((peer) =>
    worksOf(servers)
      .filter(({ only }) => !only)
      .map(({ name }) => ratioTo(servers, 'service', name, peer)),
  )
  return [
    {
      title: 'small JSON document, log on, to bare Fastify',
      value: ratioTo(servers, 'service', 'json'),
      least: 0.6,
    },
    { title: 'the same, log off', value: ratioTo(servers, 'service-no-log', 'json'), least: 0.85 },
    { title: 'the same, to Flask', value: ratioTo(servers, 'service', 'json', 'flask'), least: 6 },
    {
      title: 'the work where a peer comes nearest, to that peer',
      value: Math.min(...ahead),
      least: 1,
    },
    {
      title: 'a row from SQLite, to the same from memory',
      value: between(cost('memory'), cost('row')),
      least: 0.6,
    },
    {
      title: 'authenticated, to unauthenticated',
      value: between(cost('json'), cost('auth')),
      least: 0.8,
    },
    { title: 'a 404, to a 200', value: between(cost('json'), cost('404')), least: 1 },
    {
      title: 'rows written by 64 clients, to each committed alone',
      value: between(ours?.works.create64?.rate, ours?.works.create1?.rate),
      least: 3,
    },
    {
      title: 'first response, to bare Fastify',
      value: between(ours?.startTime, bare?.startTime),
      most: 1.7,
    },
    { title: 'idle memory, to bare Fastify', value: between(ours?.idle, bare?.idle), most: 1.4 },
    {
      title: '99th percentile of the small JSON document, to node:http',
      value: between(ours?.works.json?.p99, raw?.works.json?.p99),
      most: 3,
    },
  ]
}

function writeBudgets(servers: readonly Figures[]): string {
  const rows = budgetsOf(servers)
    .filter(({ value }) => Number.isFinite(value))
    .map(({ title, value, least, most }) => {
      const isMet = value >= (least ?? value) && value <= (most ?? value)
      const bound = least === undefined ? `at most ${most}` : `at least ${least}`
      return [title, value.toFixed(2), bound, isMet ? 'yes' : 'no']
    })
  return table(['budget', 'measured', 'target', 'met'], rows)
}

/** Returns the cost of each plugin as Markdown, the most expensive first. */
export function writeAblation({ date, machine, rounds, whole, plugins }: Ablation): string {
  const works = Object.keys(whole)
  const [first = ''] = works
  const rows = Object.entries(plugins)
    .toSorted(([, a], [, b]) => Number(b[first]) - Number(a[first]))
    .map(([plugin, costs]) => [plugin, ...works.map((work) => Number(costs[work]).toFixed(1))])
  const all = ['all together', ...works.map((work) => Number(whole[work]).toFixed(1))]
  const titles = works.map((work) => WORKS.find(({ name }) => name === work)?.title ?? work)
  return `
${date}, ${machine}. Medians of ${rounds} alternating rounds.

${table(['without', ...titles.map((title) => `${title}, µs less`)], [...rows, all])}`
}

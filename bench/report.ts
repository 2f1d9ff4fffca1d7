import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sample } from './load.ts'
import { ratioTo } from './ratios.ts'
import type { Ablation, Figures, PostgresResults, Results } from './results.ts'
import { WORKLOADS } from './workloads.ts'

const DOCUMENT = join(import.meta.dirname, '../docs/benchmarks.md')

/** Replaces a generated section of docs/benchmarks.md. */
export function publish(section: 'frameworks' | 'postgres' | 'plugins', text: string) {
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

/** Returns the workloads that at least one of the servers was measured with. */
function workloadsOf(servers: readonly Figures[]) {
  return WORKLOADS.filter(({ name }) => servers.some(({ workloads }) => workloads[name]))
}

/** Returns a table of one kind of figure, with servers in rows and workloads in columns. */
function tableOf(
  servers: readonly Figures[],
  write: (server: Figures, workload: string) => string,
) {
  const workloads = workloadsOf(servers)
  const rows = servers.map((server) => [
    server.title,
    ...workloads.map(({ name }) => (server.workloads[name] ? write(server, name) : '')),
  ])
  return table(['', ...workloads.map(({ title }) => title)], rows)
}

function figure(name: keyof Sample, digits: number) {
  return ({ workloads }: Figures, workload: string) =>
    Number(workloads[workload]?.[name]).toFixed(digits)
}

/**
 * Returns a function that writes the ratio of a server to bare Fastify, or an empty cell if bare Fastify lacks the
 * workload.
 */
function writeRatio(servers: readonly Figures[]) {
  return ({ name }: Figures, workload: string) => {
    const ratio = ratioTo(servers, name, workload)
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

#### CPU time per request, in microseconds

${tableOf(servers, figure('cpu', 1))}
#### CPU time of bare Fastify divided by CPU time of the server

0.5 means that the server takes twice the CPU time of bare Fastify.

${tableOf(servers, writeRatio(servers))}
#### Median latency, in microseconds

${tableOf(servers, figure('p50', 0))}
#### 99th percentile of the latency, in microseconds

${tableOf(servers, figure('p99', 0))}
#### Requests per second on one core

${tableOf(servers, figure('rate', 0))}
#### Time from start to first response, and resident memory

${table(['', 'first response, ms', 'memory when idle, MiB', 'memory after load, MiB'], sizes)}
### Budgets

Each budget is a ratio of two figures of one run. Throughput is the number of requests per second of CPU time.

${writeBudgets(servers)}`
}

/** Returns the results on PostgreSQL as Markdown: a row for each figure of each server. */
export function writePostgres(results: PostgresResults): string {
  const { date, machine, rounds, sessions, servers } = results
  const cpu = tableOf(servers, figure('cpu', 1))
  return `
${date}, ${machine}. Medians of ${rounds} alternating rounds, in ${sessions} sessions. CPU time per request of the server, without that of
PostgreSQL, in microseconds:

${cpu}
CPU time of bare Fastify divided by CPU time of the server:

${tableOf(servers, writeRatio(servers))}`
}

interface Budget {
  title: string
  value: number
  /** Lower limit of the value, if any. */
  least?: number
  /** Upper limit of the value, if any. */
  most?: number
}

/** Returns the budgets of the service. Each is a ratio of two figures of the same run. */
function budgetsOf(servers: readonly Figures[]): Budget[] {
  const find = (name: string) => servers.find((server) => server.name === name)
  const [ours, bare, raw] = ['service', 'bare', 'raw'].map(find)
  const between = (a: number | undefined, b: number | undefined) => Number(a) / Number(b)
  const cost = (workload: string) => ours?.workloads[workload]?.cpu
  const FRAMEWORKS = ['fastify-usual', 'express', 'hono', 'nest', 'flask']
  const ahead = FRAMEWORKS.filter(find).flatMap((framework) =>
    workloadsOf(servers)
      .filter(({ only }) => !only)
      .map(({ name }) => ratioTo(servers, 'service', name, framework)),
  )
  return [
    {
      title: 'throughput, small JSON document: this service with its log / bare Fastify',
      value: ratioTo(servers, 'service', 'json'),
      least: 0.6,
    },
    {
      title: 'throughput, small JSON document: this service without its log / bare Fastify',
      value: ratioTo(servers, 'service-no-log', 'json'),
      least: 0.85,
    },
    {
      title: 'throughput, small JSON document: this service / Flask',
      value: ratioTo(servers, 'service', 'json', 'flask'),
      least: 6,
    },
    {
      title:
        'throughput: this service / the fastest compared framework, smallest ratio of all workloads',
      value: Math.min(...ahead),
      least: 1,
    },
    {
      title: 'throughput: row read from SQLite / row read from memory',
      value: between(cost('memory'), cost('row')),
      least: 0.6,
    },
    {
      title: 'throughput: authenticated request / small JSON document',
      value: between(cost('json'), cost('auth')),
      least: 0.8,
    },
    {
      title: 'throughput: 404 / small JSON document',
      value: between(cost('json'), cost('404')),
      least: 1,
    },
    {
      title: 'rows written per second: by 64 clients / by one client',
      value: between(ours?.workloads.create64?.rate, ours?.workloads.create1?.rate),
      least: 3,
    },
    {
      title: 'time to first response: this service / bare Fastify',
      value: between(ours?.startTime, bare?.startTime),
      most: 1.7,
    },
    {
      title: 'memory when idle: this service / bare Fastify',
      value: between(ours?.idle, bare?.idle),
      most: 1.4,
    },
    {
      title: '99th percentile of latency, small JSON document: this service / node:http',
      value: between(ours?.workloads.json?.p99, raw?.workloads.json?.p99),
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
  return table(['ratio', 'measured', 'target', 'met'], rows)
}

/** Returns the cost of each plugin as Markdown, the most expensive first. */
export function writeAblation({ date, machine, rounds, whole, plugins }: Ablation): string {
  const workloads = Object.keys(whole)
  const [first = ''] = workloads
  const rows = Object.entries(plugins)
    .toSorted(([, a], [, b]) => Number(b[first]) - Number(a[first]))
    .map(([plugin, costs]) => [
      plugin,
      ...workloads.map((workload) => Number(costs[workload]).toFixed(1)),
    ])
  const all = ['any plugin', ...workloads.map((workload) => Number(whole[workload]).toFixed(1))]
  const titles = workloads.map(
    (workload) => WORKLOADS.find(({ name }) => name === workload)?.title ?? workload,
  )
  return `
${date}, ${machine}. Medians of ${rounds} alternating rounds.

${table(['without', ...titles.map((title) => `CPU time saved, ${title}, µs`)], [...rows, all])}`
}

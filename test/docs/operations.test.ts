import { globSync } from 'node:fs'
import t, { type Test } from 'tap'
import { Environment } from '../../src/environment.ts'
import { build } from '../app.ts'
import { readText, readYaml } from '../deploy/files.ts'
import { testOnPostgres } from '../engines.ts'
import { startServer } from '../server.ts'
import { startTwo } from '../workers.ts'

/** Without blocks of code, whose quotes are others. */
const OPERATIONS = readText('docs/operations.md')
  .replace(/^```.*?^```$/gms, '')
  .trim()

/** The rows of all tables whose first column has this heading, as their cells. */
function rowsUnder(heading: string): string[][] {
  const tables = OPERATIONS.split('\n\n').filter((block) => block.startsWith(`| ${heading} |`))
  return tables.flatMap((table) =>
    table
      .split('\n')
      .slice(2)
      .map((row) =>
        row
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      ),
  )
}

/** What stands in backquotes. */
function namesIn(text = ''): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
}

function sorted(names: Iterable<string>): string[] {
  return [...new Set(names)].sort()
}

/** What others read. */
const OF_OTHERS = ['OTEL_EXPORTER_OTLP_HEADERS', 'TMPDIR']

t.test('every variable that is named is one of the service', async (t) => {
  const named = namesIn(OPERATIONS)
    .flatMap((code) => code.match(/\b[A-Z]+(?:_[A-Z]+)+\b|^(?:HOST|PORT|DEBUG|WORKERS)\b/g) ?? [])
    .filter((name) => !OF_OTHERS.includes(name))
  t.ok(named.length > 10)
  t.same(sorted(named.filter((name) => !(name in Environment.properties))), [])
  t.match(OPERATIONS, '[`.env.example`](../.env.example)', 'which lists them all')
})

t.test('the endpoints are there', async (t) => {
  const app = await build(t)
  const endpoints = rowsUnder('endpoint').flatMap(([cell]) => namesIn(cell))
  t.equal(endpoints.length, 3)
  for (const endpoint of endpoints) {
    t.equal((await app.inject(endpoint.replace('GET ', ''))).statusCode, 200, endpoint)
  }
})

t.test('readiness answers as is shown', async (t) => {
  const [, shown = ''] = /health\/ready\n(\{.*\})$/m.exec(readText('docs/operations.md')) ?? []
  const { url } = await startServer(t)
  const reply = await fetch(`${url}/health/ready`, { headers: { accept: 'application/json' } })
  t.same(await reply.json(), JSON.parse(shown))
})

/** The families of a scrape, with the labels that each has. */
function familiesIn(scrape: string): Map<string, Set<string>> {
  const families = new Map<string, Set<string>>()
  for (const [, name = ''] of scrape.matchAll(/^# TYPE (\S+)/gm)) {
    const samples = scrape.matchAll(new RegExp(`^${name}(?:_bucket|_sum|_count)?{(.*)} `, 'gm'))
    const labels = [...samples].flatMap(([, text = '']) => text.match(/\w+(?==")/g) ?? [])
    families.set(name, new Set(labels))
  }
  return families
}

/** What the metrics are, as the document has it: a name, or how names begin, and labels. */
const METRICS = rowsUnder('metric').flatMap(([names, labels]) =>
  namesIn(names).map((name) => ({ name, labels: labels?.split(', ').filter(Boolean) ?? [] })),
)

function isMeant(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name
}

/** Those of every process that is one of several, and of what is written as several lines. */
const ALWAYS = new Set(['worker', 'le', 'quantile'])

function compare(t: Test, families: Map<string, Set<string>>) {
  for (const [name, found] of families) {
    const metric = METRICS.find((metric) => isMeant(metric.name, name))
    if (!metric) t.fail(`${name} is not in the document`)
    else if (!metric.name.endsWith('*')) {
      const labels = [...found].filter((label) => !ALWAYS.has(label))
      t.same(
        labels.filter((label) => !metric.labels.includes(label)),
        [],
        `labels of ${name}`,
      )
    }
  }
}

function isOfPostgres({ name }: { name: string }): boolean {
  return name.startsWith('db_pool_')
}

t.test('the metrics are those of a scrape, and no others', async (t) => {
  const { url } = await startTwo(t)
  await (await fetch(`${url}/hello`)).text()
  const families = familiesIn(await (await fetch(`${url}/metrics`)).text())
  compare(t, families)
  const missing = METRICS.filter(
    (metric) =>
      !isOfPostgres(metric) && ![...families.keys()].some((name) => isMeant(metric.name, name)),
  )
  t.same(missing, [])
})

testOnPostgres('the metrics of its pool are there', async (t) => {
  const app = await build(t)
  const families = familiesIn((await app.inject('/metrics')).body)
  compare(t, families)
  t.same(
    METRICS.filter(isOfPostgres).filter(({ name }) => !families.has(name)),
    [],
  )
})

interface Rule {
  alert: string
  expr: string
  labels: { severity: string }
  annotations: { summary: string; runbook: string }
}

const RULES = readYaml<{ groups: { rules: Rule[] }[] }>(
  'deploy/prometheus/rules.yaml',
).groups.flatMap(({ rules }) => rules)

t.test('the alerts are the rules for Prometheus, and each leads to the document', async (t) => {
  t.ok(RULES.length > 5)
  t.same(
    rowsUnder('alert').map(([alert, severity]) => [...namesIn(alert), severity]),
    RULES.map(({ alert, labels }) => [alert, labels.severity]),
  )
  for (const { alert, annotations } of RULES) {
    t.match(annotations.summary, /\w/, alert)
    const [file, heading = ''] = annotations.runbook.split('#')
    t.equal(file, 'docs/operations.md', alert)
    t.match(OPERATIONS.toLowerCase(), `\n## ${heading}\n`, alert)
  }
})

/** A metric that a rule asks for, and the labels that it asks for it by. */
const SELECTOR = /(\w+)\{([^}]*)\}/g

/** What Prometheus puts on all that it scrapes, and the metric that is its own. */
const OF_SCRAPES = ['job', 'instance']
const UP = 'up'

t.test('the rules ask for metrics and labels that there are', async (t) => {
  // all but probes is refused for memory, and counted
  const { url } = await startTwo(t, { MAX_MEMORY: '1' })
  for (const path of ['/hello', '/metrics']) await (await fetch(`${url}${path}`)).text()
  const families = familiesIn(await (await fetch(`${url}/metrics`)).text())
  for (const { alert, expr } of RULES) {
    const found = [...expr.matchAll(SELECTOR)]
    const grouped = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, text = '']) =>
      text.split(', '),
    )
    const rest = expr.replace(SELECTOR, '').replace(/\bby \([^)]*\)|\[\w+\]/g, '')
    t.notMatch(rest, /\b[a-z]\w*\b(?! *\()/i, `${alert}: the metrics of others are left out`)
    for (const [, metric = '', matchers = ''] of found) {
      const name = metric.replace(/_(?:bucket|sum|count)$/, '')
      const isKnown = METRICS.some((one) => isMeant(one.name, name))
      t.ok(isKnown || name === UP, `${alert}: ${metric}`)
      const isScraped = families.has(name) || isOfPostgres({ name }) || name === UP
      t.ok(isScraped, `${alert}: ${metric} is scraped`)
      const matched = [...matchers.matchAll(/(\w+)(?==~?"|!)/g)].map(([, label = '']) => label)
      t.ok(matched.includes('job'), `${alert}: of the service alone`)
      const labels = [...OF_SCRAPES, ...(families.get(name) ?? [])]
      t.same(
        [...matched, ...grouped].filter((label) => !labels.includes(label)),
        [],
        `${alert}: labels of ${metric}`,
      )
    }
    t.ok(found.length > 0, alert)
  }
})

const SOURCES = ['src', 'plugins']
  .flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: new URL('../../', import.meta.url) }))
  .map(readText)

/** The text of each match of the first group in the sources. */
function inSources(pattern: RegExp): RegExpExecArray[] {
  return SOURCES.flatMap((source) => [...source.matchAll(pattern)])
}

/** What Fastify, pino and the log's own writer put into lines. */
const LINES_OF_OTHERS = [
  { line: 'Server listening at …', level: 'info' },
  { line: 'lines are lost', level: 'warn' },
]
const FIELDS_OF_OTHERS = ['level', 'time', 'pid', 'hostname', 'msg', 'lines']

t.test('the lines of the log are those that are written, and at those levels', async (t) => {
  const calls = inSources(
    /\b(?:log(?:\.(trace|debug|info|warn|error|fatal))?|note)\((?:[^()']|\([^()]*\))*'([^']+)'/g,
  )
  const own = [
    ...inSources(/'(request completed)'/g).map(([, line]) => ({ line, level: 'info' })),
    ...calls.map(([text, level = text.startsWith('note') ? 'error' : 'info', line]) => ({
      line,
      level,
    })),
  ]
  t.ok(own.length > 12)
  const written = [...own, ...LINES_OF_OTHERS].map(({ line, level }) => `${line} at ${level}`)
  const told = rowsUnder('line').map(([line, level]) => `${namesIn(line)} at ${namesIn(level)}`)
  t.same(sorted(told), sorted(written))
})

t.test('the fields of the log are those that are written', async (t) => {
  const objects = inSources(/\b(?:log(?:\.\w+|\[[^\]]*\])|note)\(\s*\{([^}]*)\}/g)
  const own = objects.flatMap(([, members = '']) => members.match(/(?<=^\s*|,\s*)\w+/g) ?? [])
  t.ok(own.length > 10)
  const ofRequests = readText('plugins/logging/request-line.ts').match(/(?<=")\w+(?=":)/g) ?? []
  const told = rowsUnder('field').flatMap(([field]) => namesIn(field))
  t.same(sorted(told), sorted([...own, ...ofRequests, ...FIELDS_OF_OTHERS]))
})

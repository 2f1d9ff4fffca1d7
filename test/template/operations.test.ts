import { globSync } from 'node:fs'
import t, { type Test } from 'tap'
import { Environment, SECRETS } from '../../src/environment.ts'
import { build } from '../app.ts'
import { readText, readYaml } from '../deploy/files.ts'
import { familiesIn, isPostgresMetric, RULES, UNREACHABLE } from '../deploy/prometheus.ts'
import { testOnPostgres } from '../engines.ts'
import { FIXTURES } from '../fixtures/register.ts'
import { FAST_START, startServer } from '../server.ts'
import { startTwo } from '../workers.ts'

/** The document without its code blocks. In a code block, backquotes do not enclose names. */
const OPERATIONS = readText('docs/operations.md')
  .replace(/^```.*?^```$/gms, '')
  .trim()

/** Returns the rows of all tables whose first column has this heading, as lists of cells. */
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

/** Returns the texts in backquotes. */
function namesIn(text = ''): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
}

function sorted(names: Iterable<string>): string[] {
  return [...new Set(names)].sort()
}

/** Environment variables that are read by libraries, not by the service itself. */
const LIBRARY_VARIABLES = [
  'NODE_EXTRA_CA_CERTS',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'OTEL_RESOURCE_ATTRIBUTES',
  'SSL_CERT_FILE',
  'TMPDIR',
]

/** Variables of compose.yaml. */
const COMPOSE_VARIABLES = ['DOMAIN', 'POSTGRES_PASSWORD', 'REDIS_PASSWORD', 'UPSTREAMS']

t.test('docs/operations.md names only variables that the service reads', async (t) => {
  const named = namesIn(OPERATIONS)
    .flatMap((code) => code.match(/\b[A-Z]+(?:_[A-Z]+)+\b|^(?:HOST|PORT|DEBUG|WORKERS)\b/g) ?? [])
    .filter((name) => ![...LIBRARY_VARIABLES, ...COMPOSE_VARIABLES].includes(name))
  t.ok(named.length > 10)
  const read = [...Object.keys(Environment.properties), ...SECRETS.map((name) => `${name}_FILE`)]
  t.same(sorted(named.filter((name) => !read.includes(name))), [])
  t.match(
    OPERATIONS,
    '[`.env.example`](../.env.example)',
    'the document links to the list of all variables',
  )
})

t.test('all endpoints in docs/operations.md return 200', async (t) => {
  const app = await build(t)
  const endpoints = rowsUnder('endpoint').flatMap(([cell]) => namesIn(cell))
  t.equal(endpoints.length, 3)
  for (const endpoint of endpoints) {
    t.equal((await app.inject(endpoint.replace('GET ', ''))).statusCode, 200, endpoint)
  }
})

t.test('docs/operations.md shows the JSON response of the readiness check', async (t) => {
  const [, shown = ''] = /health\/ready\n(\{.*\})$/m.exec(readText('docs/operations.md')) ?? []
  const { url } = await startServer(t, FAST_START, undefined, FIXTURES)
  const reply = await fetch(`${url}/health/ready`, { headers: { accept: 'application/json' } })
  t.same(await reply.json(), JSON.parse(shown))
})

/** Metrics in the document. A name that ends with `*` is a prefix. */
const METRICS = rowsUnder('metric').flatMap(([names, labels]) =>
  namesIn(names).map((name) => ({ name, labels: labels?.split(', ').filter(Boolean) ?? [] })),
)

function matchesPattern(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name
}

/**
 * Labels that the document omits: with workers every metric has `worker`, every histogram has `le`, and every summary
 * has `quantile`.
 */
const COMMON_LABELS = new Set(['worker', 'le', 'quantile'])

function compare(t: Test, families: Map<string, Set<string>>) {
  for (const [name, found] of families) {
    const metric = METRICS.find((metric) => matchesPattern(metric.name, name))
    if (!metric) t.fail(`${name} is not in the document`)
    else if (!metric.name.endsWith('*')) {
      const labels = [...found].filter((label) => !COMMON_LABELS.has(label))
      t.same(
        labels.filter((label) => !metric.labels.includes(label)),
        [],
        `the document lists the labels of ${name}`,
      )
    }
  }
}

t.test('docs/operations.md lists exactly the metrics of a scrape, with their labels', async (t) => {
  const { url } = await startTwo(t, { ...FAST_START, ...UNREACHABLE }, FIXTURES)
  await (await fetch(`${url}/greeting`)).text()
  const families = familiesIn(await (await fetch(`${url}/metrics`)).text())
  compare(t, families)
  const missing = METRICS.filter(
    (metric) =>
      !isPostgresMetric(metric) &&
      ![...families.keys()].some((name) => matchesPattern(metric.name, name)),
  )
  t.same(missing, [])
})

testOnPostgres('docs/operations.md lists the metrics of the connection pool', async (t) => {
  const app = await build(t)
  const families = familiesIn((await app.inject('/metrics')).body)
  compare(t, families)
  t.same(
    METRICS.filter(isPostgresMetric).filter(({ name }) => !families.has(name)),
    [],
  )
})

t.test(
  'docs/operations.md lists the alerts of the Prometheus rules, and each rule links to the document',
  async (t) => {
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
  },
)

const SOURCES = ['src', 'plugins']
  .flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: new URL('../../', import.meta.url) }))
  .map(readText)

function matchSources(pattern: RegExp): RegExpExecArray[] {
  return SOURCES.flatMap((source) => [...source.matchAll(pattern)])
}

/** Log lines that the search in the sources does not find. Fastify and the log writer write them. */
const LIBRARY_LINES = [
  { line: 'Server listening at …', level: 'info' },
  { line: 'lines are lost', level: 'warn' },
]
const LIBRARY_FIELDS = ['level', 'time', 'pid', 'hostname', 'msg', 'lines']

t.test(
  'docs/operations.md lists exactly the log lines in the sources, with their levels',
  async (t) => {
    const calls = matchSources(
      /\b(?:log(?:\.(trace|debug|info|warn|error|fatal))?|logError)\((?:[^()']|\([^()]*\))*'([^']+)'/g,
    )
    const own = [
      ...matchSources(/'(request (?:completed|aborted))'/g).map(([, line]) => ({
        line,
        level: 'info',
      })),
      ...calls.map(([text, level = text.startsWith('logError') ? 'error' : 'info', line]) => ({
        line,
        level,
      })),
    ]
    t.ok(own.length > 12)
    const written = [...own, ...LIBRARY_LINES].map(({ line, level }) => `${line} at ${level}`)
    const listed = rowsUnder('line').map(([line, level]) => `${namesIn(line)} at ${namesIn(level)}`)
    t.same(sorted(listed), sorted(written))
  },
)

t.test('docs/operations.md lists exactly the fields of the log lines in the sources', async (t) => {
  const objects = matchSources(/\b(?:log(?:\.\w+|\[[^\]]*\])|logError)\(\s*\{([^}]*)\}/g)
  const own = objects.flatMap(([, members = '']) => members.match(/(?<=^\s*|,\s*)\w+/g) ?? [])
  t.ok(own.length > 10)
  const ofRequests = readText('plugins/logging/request-line.ts').match(/(?<=")\w+(?=":)/g) ?? []
  const listed = rowsUnder('field').flatMap(([field]) => namesIn(field))
  t.same(sorted(listed), sorted([...own, ...ofRequests, ...LIBRARY_FIELDS]))
})

t.test('docs/operations.md shows the name of the network of compose.yaml', async (t) => {
  t.match(OPERATIONS, `${readYaml<{ name: string }>('compose.yaml').name}_default`)
})

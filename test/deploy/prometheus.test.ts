import t from 'tap'
import { FIXTURES } from '../fixtures/register.ts'
import { FAST_START } from '../server.ts'
import { startTwo } from '../workers.ts'
import { familiesIn, isPostgresMetric, RULES, UNREACHABLE } from './prometheus.ts'

/** Matches a metric in a rule's expression, and its label matchers. */
const SELECTOR = /(\w+)\{([^}]*)\}/g

/** Labels that Prometheus adds to each time series. */
const SCRAPE_LABELS = ['job', 'instance']

/** Metric that Prometheus itself creates for each service. */
const UP = 'up'

t.test('the Prometheus rules use only metrics and labels that exist', async (t) => {
  // This limit makes the service refuse all requests except probes, so that the scrape counts refused requests.
  const { url } = await startTwo(t, { ...FAST_START, ...UNREACHABLE, MAX_MEMORY: '1' }, FIXTURES)
  for (const path of ['/greeting', '/metrics']) await (await fetch(`${url}${path}`)).text()
  const families = familiesIn(await (await fetch(`${url}/metrics`)).text())
  for (const { alert, expr } of RULES) {
    const found = [...expr.matchAll(SELECTOR)]
    const grouped = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, text = '']) =>
      text.split(', '),
    )
    const rest = expr.replace(SELECTOR, '').replace(/\bby \([^)]*\)|\[\w+\]/g, '')
    t.notMatch(rest, /\b[a-z]\w*\b(?! *\()/i, `${alert}: every metric has label matchers`)
    for (const [, metric = '', matchers = ''] of found) {
      const name = metric.replace(/_(?:bucket|sum|count)$/, '')
      const isScraped = families.has(name) || isPostgresMetric({ name }) || name === UP
      t.ok(isScraped, `${alert}: a scrape contains ${metric}`)
      const matched = [...matchers.matchAll(/(\w+)(?==~?"|!)/g)].map(([, label = '']) => label)
      t.ok(matched.includes('job'), `${alert}: the matchers select the service by its job`)
      const labels = [...SCRAPE_LABELS, ...(families.get(name) ?? [])]
      t.same(
        [...matched, ...grouped].filter((label) => !labels.includes(label)),
        [],
        `${alert}: ${metric} has the labels of the expression`,
      )
    }
    t.ok(found.length > 0, alert)
  }
})

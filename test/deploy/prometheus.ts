import { readYaml } from './files.ts'

/** Returns the labels of each metric in a scrape, keyed by the name of the metric. */
export function familiesIn(scrape: string): Map<string, Set<string>> {
  const families = new Map<string, Set<string>>()
  for (const [, name = ''] of scrape.matchAll(/^# TYPE (\S+)/gm)) {
    const samples = scrape.matchAll(new RegExp(`^${name}(?:_bucket|_sum|_count)?{(.*)} `, 'gm'))
    const labels = [...samples].flatMap(([, text = '']) => text.match(/\w+(?==")/g) ?? [])
    families.set(name, new Set(labels))
  }
  return families
}

/** Returns true for metrics that only a service on PostgreSQL has. */
export function isPostgresMetric({ name }: { name: string }): boolean {
  return name.startsWith('db_pool_')
}

/** Environment of a service that has the metrics of Redis and of the exporter, although neither is reachable. */
export const UNREACHABLE = {
  REDIS_URL: 'redis://127.0.0.1:1',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
}

interface Rule {
  alert: string
  expr: string
  labels: { severity: string }
  annotations: { summary: string; runbook: string }
}

/** The alerts of the Prometheus rules. */
export const RULES = readYaml<{ groups: { rules: Rule[] }[] }>(
  'deploy/prometheus/rules.yaml',
).groups.flatMap(({ rules }) => rules)

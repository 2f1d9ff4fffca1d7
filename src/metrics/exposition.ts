/** The media types of metrics, as they stand in Content-Type; the first is what every Prometheus reads. */
export const PROMETHEUS_TEXT = 'text/plain; version=0.0.4; charset=utf-8'
export const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8'

/** A metric with all of its values. Of a counter the name ends with `_total`. */
export interface Family {
  name: string
  help: string
  type: string
  values: Sample[]
}

export interface Sample {
  /** The name of the line, where it differs from the family's. */
  metricName?: string
  labels?: Partial<Record<string, string | number>>
  value: number
}

/**
 * Writes metrics for Prometheus: its text format (prometheus.io/docs/instrumenting/exposition_formats),
 * or OpenMetrics 1.0, where a family of counters is named without `_total`, and the end is marked.
 */
export function writeMetrics(families: Family[], mediaType: string): string {
  const isOpen = mediaType === OPEN_METRICS
  const lines = families.flatMap(({ name, help, type, values }) => {
    const family = isOpen && type === 'counter' ? name.replace(/_total$/, '') : name
    return [
      `# HELP ${family} ${escaped(help)}`,
      `# TYPE ${family} ${type}`,
      ...values.map(
        ({ metricName = name, labels = {}, value }) =>
          `${metricName}${writeLabels(labels)} ${writeNumber(value)}`,
      ),
    ]
  })
  return `${[...lines, ...(isOpen ? ['# EOF'] : [])].join('\n')}\n`
}

function writeLabels(labels: object): string {
  const written = Object.entries(labels).map(
    ([name, value]) => `${name}="${escaped(String(value)).replaceAll('"', '\\"')}"`,
  )
  return written.length > 0 ? `{${written.join(',')}}` : ''
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

/** As Go writes it, which both formats ask for. */
function writeNumber(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return String(value)
  return value > 0 ? '+Inf' : '-Inf'
}

/**
 * Formats in which Prometheus reads metrics: the Prometheus text format
 * (prometheus.io/docs/instrumenting/exposition_formats) and OpenMetrics 1.0.
 */

/** Content-Type of the text format, which every version of Prometheus can read. */
export const PROMETHEUS_TEXT = 'text/plain; version=0.0.4; charset=utf-8'

/** Content-Type of OpenMetrics. */
export const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8'

/** A metric with all samples. The name of a counter ends with `_total`. */
export interface Family {
  name: string
  help: string
  type: string
  values: Sample[]
}

export interface Sample {
  /** Name of the sample, if it differs from the name of the family. */
  metricName?: string
  labels?: Partial<Record<string, string | number>>
  value: number
}

/**
 * Writes metrics in one of the formats. In OpenMetrics, the family of a counter is named without `_total`, and
 * the text ends with `# EOF`.
 */
export function writeMetrics(families: Family[], mediaType: string): string {
  const isOpenMetrics = mediaType === OPEN_METRICS
  const lines = families.flatMap(({ name, help, type, values }) => {
    const family = isOpenMetrics && type === 'counter' ? name.replace(/_total$/, '') : name
    return [
      `# HELP ${family} ${escapeText(help)}`,
      `# TYPE ${family} ${type}`,
      ...values.map(
        ({ metricName = name, labels = {}, value }) =>
          `${metricName}${formatLabels(labels)} ${formatNumber(value)}`,
      ),
    ]
  })
  return `${[...lines, ...(isOpenMetrics ? ['# EOF'] : [])].join('\n')}\n`
}

function formatLabels(labels: object): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${escapeText(String(value)).replaceAll('"', '\\"')}"`,
  )
  return pairs.length > 0 ? `{${pairs.join(',')}}` : ''
}

function escapeText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

/** Formats a number for both formats: `+Inf`, not `Infinity`. */
function formatNumber(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return String(value)
  return value > 0 ? '+Inf' : '-Inf'
}

import type { Family, Sample } from '../../src/metrics/exposition.ts'

/** Counts a duration, in seconds. */
export type Observe = (seconds: number) => void

export interface Histogram {
  /** Begins to count for these labels. What it gives is kept by whoever counts. */
  series(labels: Record<string, string>): Observe
  read(): Family
}

/** Up to which durations are counted, in seconds. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/**
 * Makes a histogram of durations.
 *
 * The client library looks its labels up at every observation, which takes 2 µs. Here they are looked up
 * once a series.
 */
export function createHistogram(name: string, help: string): Histogram {
  const all: { labels: Record<string, string>; counts: number[]; sum: number }[] = []
  return {
    series(labels) {
      const series = { labels, counts: [...BOUNDS, Number.POSITIVE_INFINITY].map(() => 0), sum: 0 }
      all.push(series)
      return (seconds) => {
        let bucket = 0
        while (seconds > Number(BOUNDS[bucket])) bucket++
        series.counts[bucket] = Number(series.counts[bucket]) + 1
        series.sum += seconds
      }
    },
    read: () => ({
      name,
      help,
      type: 'histogram',
      values: all.flatMap(({ labels, counts, sum }) => {
        let count = 0
        const values = counts.map((each, bucket): Sample => {
          count += each
          const le = writeBound(BOUNDS[bucket])
          return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: count }
        })
        return [
          ...values,
          { metricName: `${name}_sum`, labels, value: sum },
          { metricName: `${name}_count`, labels, value: count },
        ]
      }),
    }),
  }
}

/** As a float: OpenMetrics compares bounds as text. */
function writeBound(bound = Number.POSITIVE_INFINITY): string {
  if (!Number.isFinite(bound)) return '+Inf'
  return Number.isInteger(bound) ? bound.toFixed(1) : String(bound)
}

import t from 'tap'
import { createHistogram } from '../../../plugins/metrics/histogram.ts'

t.test('a histogram counts each duration in all buckets with a higher bound', async (t) => {
  const { addSeries, read } = createHistogram('took_seconds', 'Duration')
  const observe = addSeries({ verb: 'get' })
  addSeries({ verb: 'put' })(11)
  for (const seconds of [0, 0.001, 0.002, 1, 9, 11]) observe(seconds)
  const { values, ...family } = read()
  t.same(family, { name: 'took_seconds', help: 'Duration', type: 'histogram' })
  const counts = values
    .filter(({ labels }) => labels?.verb === 'get')
    .map(({ metricName, labels, value }) => `${metricName} ${labels?.le ?? ''} ${value}`)
  t.same(counts, [
    'took_seconds_bucket 0.001 2',
    'took_seconds_bucket 0.0025 3',
    'took_seconds_bucket 0.005 3',
    'took_seconds_bucket 0.01 3',
    'took_seconds_bucket 0.025 3',
    'took_seconds_bucket 0.05 3',
    'took_seconds_bucket 0.1 3',
    'took_seconds_bucket 0.25 3',
    'took_seconds_bucket 0.5 3',
    'took_seconds_bucket 1.0 4',
    'took_seconds_bucket 2.5 4',
    'took_seconds_bucket 5.0 4',
    'took_seconds_bucket 10.0 5',
    'took_seconds_bucket +Inf 6',
    'took_seconds_sum  21.003',
    'took_seconds_count  6',
  ])
  t.match(values.at(-1), { labels: { verb: 'put' }, value: 1 })
})

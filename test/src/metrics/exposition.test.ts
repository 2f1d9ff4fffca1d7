import t from 'tap'
import { OPEN_METRICS, PROMETHEUS_TEXT, writeMetrics } from '../../../src/metrics/exposition.ts'

const FAMILIES = [
  {
    name: 'drops_total',
    help: 'a\\b\nc',
    type: 'counter',
    values: [{ labels: { why: 'a "b"\\\n', code: 1 }, value: 2 }],
  },
  { name: 'level', help: 'd', type: 'gauge', values: [{ value: 0.5 }, { value: Number.NaN }] },
  {
    name: 'bounds',
    help: 'e',
    type: 'gauge',
    values: [
      { labels: {}, value: Infinity },
      { metricName: 'low', value: -Infinity },
    ],
  },
]

const LINES = [
  '# HELP drops_total a\\\\b\\nc',
  '# TYPE drops_total counter',
  'drops_total{why="a \\"b\\"\\\\\\n",code="1"} 2',
  '# HELP level d',
  '# TYPE level gauge',
  'level 0.5',
  'level NaN',
  '# HELP bounds e',
  '# TYPE bounds gauge',
  'bounds +Inf',
  'low -Inf',
  '',
]

t.test('writeMetrics() writes the text format of Prometheus', async (t) => {
  t.same(writeMetrics(FAMILIES, PROMETHEUS_TEXT).split('\n'), LINES)
})

t.test(
  'writeMetrics() writes OpenMetrics, which omits _total from family names and ends with # EOF',
  async (t) => {
    const [, , ...rest] = LINES
    const counter = ['# HELP drops a\\\\b\\nc', '# TYPE drops counter']
    t.same(writeMetrics(FAMILIES, OPEN_METRICS).split('\n'), [
      ...counter,
      ...rest.slice(0, -1),
      '# EOF',
      '',
    ])
  },
)

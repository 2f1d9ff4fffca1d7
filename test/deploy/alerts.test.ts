import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { stringify } from 'yaml'
import { skipUnless } from '../requirement.ts'
import { RULES } from './prometheus.ts'

const RULES_FILE = join(import.meta.dirname, '../../deploy/prometheus/rules.yaml')

const JOB = 'job="restful-web-api", instance="a"'
const responses = (status: number) =>
  `http_request_duration_seconds_count{${JOB}, status="${status}"}`
const perMinute = (count: number) => `0+${count}x60`
const always = (value: number) => `${value}x60`

interface Case {
  series: string
  /** Values with which the alert fires, and with which it does not: one each minute for an hour. */
  firing: string
  quiet: string
  /** Series that are the same in both cases. */
  others?: Record<string, string>
}

const CASES: Record<string, Case> = {
  ServiceDown: { series: `up{${JOB}}`, firing: always(0), quiet: always(1) },
  ProcessDown: {
    series: `up{${JOB}}`,
    firing: always(0),
    quiet: always(1),
    others: { 'up{job="restful-web-api", instance="b"}': always(1) },
  },
  NotReady: {
    series: `health_check_up{${JOB}, part="database"}`,
    firing: always(0),
    quiet: always(1),
    others: { [`health_check_up{${JOB}, part="draining"}`]: always(0) },
  },
  HighErrorRate: {
    series: responses(503),
    firing: perMinute(2),
    quiet: perMinute(0),
    others: { [responses(200)]: perMinute(98) },
  },
  RequestsShed: {
    series: `http_requests_shed_total{${JOB}, reason="delay"}`,
    firing: perMinute(1),
    quiet: perMinute(0),
  },
  ClientsLimited: {
    series: responses(429),
    firing: perMinute(6),
    quiet: perMinute(4),
    others: { [responses(200)]: perMinute(94) },
  },
  EventLoopLag: {
    series: `nodejs_eventloop_lag_p99_seconds{${JOB}}`,
    firing: always(0.2),
    quiet: always(0.09),
  },
  DatabasePoolExhausted: {
    series: `db_pool_waiting{${JOB}}`,
    firing: always(1),
    quiet: always(0),
  },
  RedisDown: { series: `redis_up{${JOB}}`, firing: always(0), quiet: always(1) },
  TracesLost: { series: `trace_exporter_up{${JOB}}`, firing: always(0), quiet: always(1) },
  FileDescriptorsExhausted: {
    series: `process_open_fds{${JOB}}`,
    firing: always(810),
    quiet: always(790),
    others: { [`process_max_fds{${JOB}}`]: always(1_000) },
  },
  WorkersRestart: {
    series: `worker_restarts_total{${JOB}, worker="1"}`,
    firing: perMinute(1),
    quiet: perMinute(0),
  },
  WorkerDown: { series: `worker_up{${JOB}, worker="1"}`, firing: always(0), quiet: always(1) },
  WorkerHangs: {
    series: `worker_hangs_total{${JOB}, worker="1"}`,
    firing: perMinute(1),
    quiet: perMinute(0),
  },
  DatabaseFileLarge: {
    series: `sqlite_file_bytes{${JOB}, file="database"}`,
    firing: always(11e9),
    quiet: always(9e9),
  },
  DatabaseLogLarge: {
    series: `sqlite_file_bytes{${JOB}, file="wal"}`,
    firing: always(260e6),
    quiet: always(240e6),
  },
}

t.test('there is a test of each alert', async (t) => {
  t.strictSame(Object.keys(CASES).sort(), RULES.map(({ alert }) => alert).sort())
})

/** Returns a unit test of promtool: the number of alerts that fire after half an hour. */
function unitTest(alert: string, { series, others = {} }: Case, values: string, count: number) {
  const expr = `count(ALERTS{alertname="${alert}", alertstate="firing"})`
  return {
    name: `${alert} with ${values}`,
    interval: '1m',
    input_series: Object.entries({ ...others, [series]: values }).map(([name, each]) => ({
      series: name,
      values: each,
    })),
    promql_expr_test: [
      { expr, eval_time: '30m', exp_samples: count > 0 ? [{ labels: '{}', value: count }] : [] },
    ],
  }
}

for (const [alert, each] of Object.entries(CASES)) {
  t.test(`${alert} fires only for its condition`, { skip: skipUnless('prometheus') }, async (t) => {
    const tests = [unitTest(alert, each, each.firing, 1), unitTest(alert, each, each.quiet, 0)]
    const text = stringify({ rule_files: [RULES_FILE], tests })
    const file = join(t.testdir({ 'alert.yaml': text }), 'alert.yaml')
    await t.resolves(promisify(execFile)('promtool', ['test', 'rules', file]))
  })
}

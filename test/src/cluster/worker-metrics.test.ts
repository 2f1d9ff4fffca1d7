import t from 'tap'
import { shareMetrics } from '../../../src/cluster/worker-metrics.ts'

t.test(
  'reading the metrics of all workers throws a 503 if the supervisor does not respond',
  async (t) => {
    const read = shareMetrics({ on: () => {}, send: () => {} }, async () => [])
    await t.rejects(read(), {
      message: 'the supervisor does not respond',
      code: 'SERVICE_UNAVAILABLE',
    })
  },
)

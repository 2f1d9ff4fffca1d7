import t from 'tap'
import { readThrough } from '../../../src/cluster/worker-metrics.ts'

t.test('where the supervisor does not answer, a scrape is told so', async (t) => {
  const read = readThrough({ on: () => {}, send: () => {} }, async () => [])
  await t.rejects(read(), {
    message: 'the supervisor does not answer',
    code: 'SERVICE_UNAVAILABLE',
  })
})

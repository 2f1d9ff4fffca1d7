import t from 'tap'
import { FIXTURES } from '../../fixtures/register.ts'
import { FAST_START, startServer } from '../../server.ts'
import { offer } from '../offer.ts'

/** Minimum share of the maximum throughput. It is low, because the machine may be under load. */
const MIN_SHARE = 0.2

t.setTimeout(120_000)

t.test(
  'at twice the load that it can handle, the service refuses the excess with 503 and the rest succeeds',
  async (t) => {
    const { url } = await startServer(
      t,
      { ...FAST_START, EVENT_LOOP_BUDGET_MS: '40' },
      undefined,
      FIXTURES,
    )
    const target = { port: Number(new URL(url).port), collection: '/notes' }
    await offer({ ...target, seconds: 2, connections: 16 }) // warms the service up
    const peak = await offer({ ...target, seconds: 3, connections: 16 })
    const over = await offer({ ...target, seconds: 5, connections: 500, rate: 2 * peak.goodput })

    t.comment(JSON.stringify({ peak, over, ratio: over.goodput / peak.goodput }))
    for (const { statuses, withoutRetryAfter, lost, probes } of [peak, over]) {
      t.same(
        Object.keys(statuses).filter((status) => !['200', '201', '503'].includes(status)),
        [],
        'all responses are 200, 201 or 503',
      )
      t.equal(withoutRetryAfter, 0, 'every 503 has Retry-After')
      t.equal(lost, 0, 'no connection is lost')
      t.equal(probes.failed, 0, 'probes of health and metrics succeed')
      t.ok(probes.asked > 0)
    }
    t.ok(
      over.goodput > MIN_SHARE * peak.goodput,
      `${over.goodput} of ${peak.goodput} successes per second`,
    )
  },
)

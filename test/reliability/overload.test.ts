import t from 'tap'
import { offer } from '../../bench/offer.ts'
import { FAST_START, startServer } from '../server.ts'

/** Share of the peak. Low, for a machine under load; bench/overload.ts measures the real share. */
const MIN_SHARE = 0.2

t.setTimeout(120_000)

t.test(
  'under twice the load that it can handle the service stays fast and refuses the rest with 503',
  async (t) => {
    const { url } = await startServer(t, { ...FAST_START, EVENT_LOOP_BUDGET_MS: '40' })
    const port = Number(new URL(url).port)
    await offer({ port, seconds: 2, connections: 16 }) // warm-up
    const peak = await offer({ port, seconds: 3, connections: 16 })
    const over = await offer({ port, seconds: 5, connections: 500, rate: 2 * peak.goodput })

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

import t from 'tap'
import { offer } from '../../bench/offer.ts'
import { FAST_START, startServer } from '../server.ts'

/** Of the peak. What it really is bench/overload.ts measures, on a machine that does nothing else. */
const FLOOR = 0.2

t.setTimeout(120_000)

t.test(
  'at twice of what it can do the service does most of it, and refuses the rest',
  async (t) => {
    const { url } = await startServer(t, { ...FAST_START, EVENT_LOOP_BUDGET_MS: '40' })
    const port = Number(new URL(url).port)
    await offer({ port, seconds: 2, connections: 16 }) // for the compiler
    const peak = await offer({ port, seconds: 3, connections: 16 })
    const over = await offer({ port, seconds: 5, connections: 500, rate: 2 * peak.goodput })

    t.comment(JSON.stringify({ peak, over, ratio: over.goodput / peak.goodput }))
    for (const { statuses, withoutRetryAfter, lost, probes } of [peak, over]) {
      t.same(
        Object.keys(statuses).filter((status) => !['200', '201', '503'].includes(status)),
        [],
        'nothing comes but successes and refusals',
      )
      t.equal(withoutRetryAfter, 0, 'which say when to try again')
      t.equal(lost, 0, 'no connection is lost')
      t.equal(probes.failed, 0, 'health and metrics are answered')
      t.ok(probes.asked > 0)
    }
    t.ok(over.goodput > FLOOR * peak.goodput, `${over.goodput} of ${peak.goodput} a second`)
  },
)

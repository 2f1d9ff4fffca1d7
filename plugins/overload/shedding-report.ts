/** Reports load shedding: counts refused requests, and logs when load shedding begins and ends. */
import { Counter } from '@prometheus-io/client'
import type { FastifyInstance } from 'fastify'

/** Limit that was exceeded. */
export type Reason = 'delay' | 'memory'

/** Milliseconds without a refused request after which load shedding is over. */
const QUIET_MS = 1_000

/** Returns a function that reports a refused request. */
export function createSheddingReport(app: FastifyInstance) {
  let counter: Counter<'reason'> | undefined
  let requests = 0
  let lastRequests = 0
  let timer: NodeJS.Timeout | undefined

  // In onReady, since the optional metrics plugin may be registered later than this one.
  app.addHook('onReady', async () => {
    counter = app.metrics && createCounter(app.metrics.registry)
  })
  app.addHook('onClose', async () => clearInterval(timer))

  function endIfQuiet() {
    const isQuiet = requests === lastRequests
    lastRequests = requests
    if (!isQuiet) return
    app.log.info({ requests }, 'no longer shedding load')
    clearInterval(timer)
    timer = undefined
    requests = 0
    lastRequests = 0
  }

  return (reason: Reason) => {
    counter?.inc({ reason })
    requests++
    if (timer) return
    timer = setInterval(endIfQuiet, QUIET_MS).unref()
    app.log.warn({ reason }, 'shedding load')
  }
}

function createCounter(registry: NonNullable<FastifyInstance['metrics']>['registry']) {
  return new Counter({
    name: 'http_requests_shed_total',
    help: 'Requests refused by load shedding, by the limit that was exceeded',
    labelNames: ['reason'],
    registers: [registry],
  })
}

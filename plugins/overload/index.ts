/**
 * Overload: immediately refuses requests that the service cannot handle in time, with 503 (RFC 9110 §15.6.4).
 *
 * Each event-loop iteration handles requests for a limited time and queues further requests. If the queue is full,
 * or memory use exceeds `maxMemoryBytes`, new requests get 503. Clients may hold half of this memory with bodies,
 * responses and waiting requests; beyond that, exchanges are ended. The server factory must pass requests through
 * `shedLoad` (see src/fastify-options.ts). Refused requests are not logged one by one.
 */
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { type Static, Type } from 'typebox'
import { originForm } from '../../src/http/request-target.ts'
import { parseOptions } from '../../src/plugin-options.ts'
import { createAdmission } from './admission.ts'
import { setGate } from './gate.ts'
import { endLargestHolders } from './held-memory.ts'
import { createMemoryCheck, memoryLimit } from './memory.ts'
import { createRefusal } from './refusal.ts'
import { createSheddingReport } from './shedding-report.ts'

export const OverloadOptions = Type.Object({
  eventLoopBudgetMs: Type.Integer({
    default: 25,
    minimum: 0,
    maximum: 60_000,
    description:
      'Maximum of the milliseconds of each event-loop iteration in which requests are handled: the time of a hundred ' +
      'requests. Further requests are queued, or get 503 if the queue is full. 0 disables the queue.',
  }),
  maxMemoryBytes: Type.Integer({
    default: 0,
    minimum: 0,
    description:
      'Bytes of heap and buffers above which new requests get 503; the default 0 means 90 % of ' +
      "Node's heap limit.",
  }),
  allowedOrigins: Type.Array(Type.String(), {
    default: [],
    description: 'Origins whose pages may read a refusal; * allows any',
  }),
})
export type OverloadOptions = Partial<Static<typeof OverloadOptions>>
export const autoConfig = ({ config }: FastifyInstance): OverloadOptions => config.overload

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * False for a route whose requests overtake others, and are not refused for lack of memory. The path of such a route
     * must have no parameters.
     */
    overload?: false
  }
}

/** Interval at which memory use is measured. */
const MEMORY_CHECK_INTERVAL_MS = 100

/** Ratio of the memory limit that clients may hold. */
const HELD_RATIO = 0.5

async function overload(app: FastifyInstance, given: OverloadOptions) {
  const options = parseOptions('overload', OverloadOptions, given)
  const refuse = createRefusal(app, options.allowedOrigins)
  const report = createSheddingReport(app)
  let isMemoryExceeded = false
  const admission = createAdmission(options.eventLoopBudgetMs || Number.POSITIVE_INFINITY)
  const excludedPaths = new Set<string>()

  setGate(app.server, (request, response, handle) => {
    if (!isMemoryExceeded && admission.hasTime()) {
      handle(request, response)
      return
    }
    const isUrgent = excludedPaths.has(pathOf(request))
    if (isMemoryExceeded && !isUrgent) {
      report('memory')
      refuse(request, response)
      return
    }
    admission.admit(
      () => {
        // The client may have disconnected while the request was queued.
        if (request.socket.writable) handle(request, response)
      },
      () => {
        report('delay')
        refuse(request, response)
      },
      isUrgent,
    )
  })

  app.addHook('onRoute', ({ url, config }) => {
    if (config?.overload === false) excludedPaths.add(url)
  })
  const limitBytes = memoryLimit(options.maxMemoryBytes)
  const isOverLimit = createMemoryCheck(limitBytes)
  const timer = setInterval(() => {
    isMemoryExceeded = isOverLimit()
    endLargestHolders(app.inFlight ?? [], limitBytes * HELD_RATIO, () => report('memory'))
  }, MEMORY_CHECK_INTERVAL_MS).unref()
  app.addHook('onClose', async () => clearInterval(timer))
  app.addHook('onReady', async () => {
    // A slow process is still ready, since removing this replica would overload the others.
    app.addHealthCheck?.('memory', async () => !isMemoryExceeded)
  })
}

function pathOf({ url = '' }: IncomingMessage): string {
  const [path = ''] = originForm(url).split('?', 1)
  return path
}

export default fp(overload, { name: 'overload', fastify: '5.x' })

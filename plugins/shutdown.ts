/**
 * Shutdown: stops the service without failed requests.
 *
 * First the readiness check fails, so that load balancers stop sending requests. Then the service stops
 * listening, answers requests in flight, and closes each connection after a response (RFC 9112 §9.6), so that no
 * client gets a reset. At the end, database and log are closed.
 */
import { once } from 'node:events'
import { Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { type Static, Type } from 'typebox'
import { addHook } from '../src/hooks.ts'
import { parseOptions } from '../src/plugin-options.ts'

export const ShutdownOptions = Type.Object({
  delayMs: Type.Integer({
    default: 0,
    minimum: 0,
    maximum: 600_000,
    description:
      'Milliseconds that the service keeps listening after SIGTERM. /health/ready returns 503 ' +
      'meanwhile, so that load balancers stop sending requests.',
  }),
  timeoutMs: Type.Integer({
    default: 10_000,
    minimum: 0,
    maximum: 600_000,
    description:
      'Milliseconds that requests in flight may take after the service has stopped listening; ' +
      'then their connections are cut.',
  }),
})
export type ShutdownOptions = Partial<Static<typeof ShutdownOptions>>
export const autoConfig = ({ config }: FastifyInstance): ShutdownOptions => config.shutdown

declare module 'fastify' {
  interface FastifyInstance {
    /** True once `drain` was called. */
    readonly isDraining?: boolean
    /** True once the service closes each connection after a response. */
    readonly isClosing?: boolean
    /**
     * Stops the service: keeps listening for `delayMs`, waits up to `timeoutMs` for requests in flight, and closes
     * the app. Returns the number of connections that were cut, 1.25 s after these times at the latest.
     *
     * @param untilNotListening resolves when no process listens on the port any more. Connections stay open until
     * then, since a client could reconnect to another process that is shutting down
     */
    drain(untilNotListening?: () => Promise<void>): Promise<number>
  }
}

/** Time that idle connections stay open after the service stopped listening. */
const IDLE_TIMEOUT_MS = 500

/** Time in which the other processes stop listening. A process that hangs delays the others no longer than this. */
const NOT_LISTENING_TIMEOUT_MS = 500

/** Time that is left for the above, and for closing the database and the log. */
const CLOSING_TIMEOUT_MS = 1_250

async function shutdown(app: FastifyInstance, options: ShutdownOptions) {
  const { delayMs, timeoutMs } = parseOptions('shutdown', ShutdownOptions, options)
  let isDraining = false
  let isClosing = false
  let hasClosedIdle = false
  let cutConnections = 0
  let timer: NodeJS.Timeout | undefined

  app.decorate('isDraining', { getter: () => isDraining })
  app.decorate('isClosing', { getter: () => isClosing })
  app.decorate('drain', async (untilNotListening) => {
    isDraining = true
    app.log.info('draining')
    const closing = stopAndClose(untilNotListening)
    if (!(await settlesWithin(delayMs + timeoutMs + CLOSING_TIMEOUT_MS, closing))) {
      app.log.error('shutdown timed out: the service does not close')
    }
    return cutConnections
  })

  async function stopAndClose(untilNotListening?: () => Promise<void>) {
    await sleep(delayMs)
    const closed = stopListening(app.server)
    await settlesWithin(NOT_LISTENING_TIMEOUT_MS, untilNotListening?.())
    isClosing = true
    await settlesWithin(IDLE_TIMEOUT_MS, closed)
    await app.close()
  }
  // In preClose, since app.close() can be called without drain().
  app.addHook('preClose', (done) => {
    isClosing = true
    hasClosedIdle = true // Fastify does so next
    timer = setTimeout(async () => {
      cutConnections = await promisify(app.server.getConnections.bind(app.server))()
      app.log.error({ connections: cutConnections }, 'shutdown timed out: closing open connections')
      app.server.closeAllConnections()
    }, timeoutMs)
    done()
  })
  app.addHook('onClose', async () => clearTimeout(timer))
  addHook(app, 'onSend', 'shutdown', (_request, reply, payload) => {
    if (isClosing) reply.header('connection', 'close')
    return payload
  })
  // A streamed response that began earlier does not say so, and its connection is idle only now.
  addHook(app, 'onRequestEnd', 'shutdown', (_request, { reply }) => {
    if (hasClosedIdle && reply.raw.shouldKeepAlive) {
      setImmediate(() => app.server.closeIdleConnections())
    }
  })
}

/** Waits for a promise. Returns false if it does not settle in time. */
async function settlesWithin(timeoutMs: number, promise: Promise<void> | undefined) {
  const timeout = Promise.withResolvers<false>()
  const timer = setTimeout(timeout.resolve, timeoutMs, false)
  try {
    return await Promise.race([timeout.promise, Promise.resolve(promise).then(() => true)])
  } finally {
    clearTimeout(timer)
  }
}

/** Stops listening; resolves when the last connection is closed. */
async function stopListening(server: Server): Promise<void> {
  if (!server.listening) return
  const closed = once(server, 'close')
  // server.close() would close idle connections at once, although a request may be on its way.
  Server.prototype.close.call(server)
  await closed
}

export default fp(shutdown, { name: 'shutdown', fastify: '5.x' })

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
    minimum: 0,
    default: 0,
    description: 'Milliseconds of listening on, not ready, after drain() is called',
  }),
  timeoutMs: Type.Integer({
    minimum: 0,
    default: 10_000,
    description: 'Milliseconds that requests in flight may take after that',
  }),
})
export type ShutdownOptions = Partial<Static<typeof ShutdownOptions>>

/** Options of the service, from its configuration. */
export const autoConfig = ({ config }: FastifyInstance): ShutdownOptions => config.shutdown

/**
 * Shutdown: the service leaves without a client noticing.
 *
 * First it only says that it is not ready, for balancers to see. Then it stops listening, and each reply
 * ends its connection (RFC 9112 §9.6): clients that reuse one learn by an answer, and not by a reset, that
 * they have to go elsewhere. What is in flight is answered, and the database and the log are closed last.
 */
export default fp(
  async (app, given: ShutdownOptions) => {
    const options = parseOptions('shutdown', ShutdownOptions, given)
    let isDraining = false
    let isClosing = false
    let cut = 0
    let timer: NodeJS.Timeout | undefined
    app.decorate('isDraining', { getter: () => isDraining })
    app.decorate('isClosing', { getter: () => isClosing })
    app.decorate('drain', async (nobodyListens) => {
      isDraining = true
      app.log.info('draining')
      await sleep(options.delayMs)
      const closed = stopListening(app.server)
      await nobodyListens?.()
      isClosing = true
      await Promise.race([closed, sleep(IDLE, undefined, { ref: false })])
      await app.close()
      return cut
    })
    // whoever embeds the app may close it without more ado
    app.addHook('preClose', (done) => {
      isClosing = true
      timer = setTimeout(async () => {
        cut = await promisify(app.server.getConnections.bind(app.server))()
        app.log.error({ connections: cut }, 'shutdown timed out: connections are cut')
        app.server.closeAllConnections()
      }, options.timeoutMs)
      done()
    })
    app.addHook('onClose', async () => clearTimeout(timer))
    addHook(app, 'onSend', 'shutdown', (_request, reply, payload) => {
      if (isClosing) reply.header('connection', 'close')
      return payload
    })
  },
  { name: 'shutdown', fastify: '5.x' },
)

declare module 'fastify' {
  interface FastifyInstance {
    /** Whether the service is about to end. */
    readonly isDraining?: boolean
    /** Whether each reply ends its connection. */
    readonly isClosing?: boolean
    /**
     * Ends the service: it listens for SHUTDOWN_DELAY more, answers what is in flight within
     * SHUTDOWN_TIMEOUT, and closes. Gives how many connections had to be cut.
     *
     * @param nobodyListens waits, where other processes listen on the port, until none does: a client
     * that loses its connection before would only open one to the next that ends.
     */
    drain(nobodyListens?: () => Promise<void>): Promise<number>
  }
}

/** How long a connection may be idle before it is closed unasked, in milliseconds. */
const IDLE = 500

/** Stops listening, and gives when the last connection is closed. */
async function stopListening(server: Server): Promise<void> {
  if (!server.listening) return
  const closed = once(server, 'close')
  // that of HTTP would close idle connections, at the very moment when a request may be on its way
  Server.prototype.close.call(server)
  await closed
}

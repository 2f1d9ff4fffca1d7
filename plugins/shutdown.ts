import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/**
 * Shutdown: the service leaves without anyone noticing.
 *
 * While it drains, requests are still taken and each reply ends its connection, so that clients and
 * balancers go elsewhere (RFC 9112 §9.6). Only then does it stop listening, answers what is in flight
 * and closes the database and the log.
 */
export default fp(
  async (app) => {
    let isDraining = false
    app.decorate('isDraining', { getter: () => isDraining })
    app.decorate('drain', () => drain(app, () => (isDraining = true)))
    // whoever embeds the app may close it without more ado
    app.addHook('preClose', (done) => {
      isDraining = true
      done()
    })
    app.addHook('onSend', (_request, reply, payload, done) => {
      if (isDraining) reply.header('connection', 'close')
      done(null, payload)
    })
  },
  { name: 'shutdown', dependencies: ['logging'] },
)

declare module 'fastify' {
  interface FastifyInstance {
    /** Whether the service is about to end. */
    readonly isDraining: boolean
    /**
     * Ends the service: takes requests for SHUTDOWN_DELAY more, answers what is in flight within
     * SHUTDOWN_TIMEOUT, and closes. Gives how many connections had to be cut.
     */
    drain(): Promise<number>
  }
}

async function drain(app: FastifyInstance, begin: () => void): Promise<number> {
  const { SHUTDOWN_DELAY, SHUTDOWN_TIMEOUT } = app.config
  begin()
  app.log.info('draining')
  await sleep(SHUTDOWN_DELAY)
  let cut = 0
  const timer = setTimeout(() => {
    app.server.getConnections((_error, count) => {
      cut = count
      app.log.error({ connections: cut }, 'shutdown timed out: connections are cut')
      app.server.closeAllConnections()
    })
  }, SHUTDOWN_TIMEOUT)
  await app.close()
  clearTimeout(timer)
  return cut
}

import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { unavailable } from '../src/http/http-error.ts'

/**
 * Deadlines: no reply takes longer than REPLY_TIMEOUT to be given, from when its request has arrived,
 * and again to be taken.
 *
 * Where there is no reply by then, it is 503; where there is one that the client does not take, the
 * connection is cut. How long a request may take to arrive is the server's own REQUEST_TIMEOUT.
 */
export default fp(
  async (app) => {
    const { REPLY_TIMEOUT } = app.config
    const timers = new WeakMap<FastifyRequest, NodeJS.Timeout>()

    app.decorateRequest('deadline', { getter: deadlineOf })
    app.addHook('onRequest', (request, reply, done) => {
      const timer = setTimeout(() => expire(request, reply, timer), REPLY_TIMEOUT)
      timers.set(request, timer)
      // all of it is on its way, or nobody is there to take it
      for (const end of ['finish', 'close']) reply.raw.once(end, () => clearTimeout(timer))
      done()
    })
    // the body has come
    app.addHook('preValidation', (request, _reply, done) => {
      timers.get(request)?.refresh()
      done()
    })
    // there is a reply
    app.addHook('onSend', (request, _reply, payload, done) => {
      timers.get(request)?.refresh()
      done(null, payload)
    })
  },
  { name: 'deadlines', dependencies: ['errors'] },
)

declare module 'fastify' {
  interface FastifyRequest {
    /** Aborted when nobody waits for the reply any more: the client has left, or the time is over. */
    readonly deadline: AbortSignal
  }
}

const controllers = new WeakMap<FastifyRequest, AbortController>()

function deadlineOf(this: FastifyRequest): AbortSignal {
  const known = controllers.get(this)
  if (known) return known.signal
  const controller = new AbortController()
  controllers.set(this, controller)
  // of a request with a body, its own `close` says only that the body was read
  this.raw.socket.once('close', () => controller.abort())
  return controller.signal
}

function expire(request: FastifyRequest, reply: FastifyReply, timer: NodeJS.Timeout) {
  if (request.raw.complete === false) {
    // a body that is still to come has a deadline of its own
    timer.refresh()
    return
  }
  controllers.get(request)?.abort()
  if (reply.raw.headersSent) {
    request.log.info('reply not taken in time')
    // to close it would leave what the kernel holds to be offered for minutes, and the client connected
    request.raw.socket.resetAndDestroy()
    return
  }
  request.log.error({ route: request.routeOptions.url }, 'reply not given in time')
  reply.send(unavailable('this took too long'))
}

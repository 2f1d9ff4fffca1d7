import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type Static, Type } from 'typebox'
import { addHook } from '../src/hooks.ts'
import { unavailable } from '../src/http/http-error.ts'
import { parseOptions } from '../src/plugin-options.ts'

export const DeadlinesOptions = Type.Object({
  replyTimeoutMs: Type.Integer({
    minimum: 10,
    default: 8_000,
    description: 'Milliseconds until a response must be ready, and again until it must be received',
  }),
})
export type DeadlinesOptions = Partial<Static<typeof DeadlinesOptions>>

/** Options of the service, from its configuration. */
export const autoConfig = ({ config }: FastifyInstance): DeadlinesOptions => config.deadlines

/**
 * Deadlines: no reply takes longer than REPLY_TIMEOUT to be given, from when its request has arrived,
 * and again to be taken.
 *
 * Where there is no reply by then, it is 503; where there is one that the client does not take, the
 * connection is cut. How long a request may take to arrive is the server's own REQUEST_TIMEOUT. All
 * requests have one timer, which looks a few times in REPLY_TIMEOUT: a timer for each costs more than
 * most of what is done for it.
 */
export default fp(
  async (app, given: DeadlinesOptions) => {
    const options = parseOptions('deadlines', DeadlinesOptions, given)
    let timer: NodeJS.Timeout | undefined

    function checkAll() {
      for (const reply of app.inFlight) {
        reply.checksLeft--
        if (reply.checksLeft === 0) expire(reply)
      }
      if (app.inFlight.size === 0) timer = void clearInterval(timer)
    }

    app.decorateReply('checksLeft', CHECKS)
    app.decorateRequest('deadline', { getter: deadlineOf })
    addHook(app, 'onRequest', 'deadlines', () => {
      timer ??= setInterval(checkAll, options.replyTimeoutMs / (CHECKS - 1))
    })
    addHook(app, 'preValidation', 'deadlines', (_request, reply) => {
      reply.checksLeft = CHECKS
    })
    addHook(app, 'onSend', 'deadlines', (_request, reply, payload) => {
      reply.checksLeft = CHECKS
      return payload
    })
  },
  { name: 'deadlines', fastify: '5.x', dependencies: ['connection'] },
)

/** How often a reply is looked at until its time is over. The first of these may come at once. */
const CHECKS = 17

declare module 'fastify' {
  interface FastifyReply {
    /** After how many there has to be a reply, or it has to be taken. */
    checksLeft: number
  }
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

function expire(reply: FastifyReply) {
  const { request } = reply
  if (request.raw.complete === false) {
    // a body that is still to come has a deadline of its own
    reply.checksLeft = CHECKS
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

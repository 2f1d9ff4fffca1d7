/**
 * Deadlines: limits the time until a response is ready, and again the time until the client has received it.
 *
 * A response that is not ready in time becomes 503; a response that the client does not receive in time
 * resets the connection. The time that a request may take to arrive is an option of Node's server. One
 * timer serves all requests and checks them several times per timeout: a timer for each request would
 * cost more than most of the work on it.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type Static, Type } from 'typebox'
import { addHook } from '../src/hooks.ts'
import { unavailable } from '../src/http/http-error.ts'
import { parseOptions } from '../src/plugin-options.ts'

export const DeadlinesOptions = Type.Object({
  replyTimeoutMs: Type.Integer({
    default: 8_000,
    minimum: 10,
    maximum: 3_600_000,
    description:
      'Milliseconds until a response must be ready, and again until the client must have ' +
      'received it.',
  }),
})
export type DeadlinesOptions = Partial<Static<typeof DeadlinesOptions>>
export const autoConfig = ({ config }: FastifyInstance): DeadlinesOptions => config.deadlines

declare module 'fastify' {
  interface FastifyReply {
    /** Timer ticks left before the response times out. */
    ticksLeft: number
  }
  interface FastifyRequest {
    /** Aborted when nobody waits for the response any more: the client disconnected, or it timed out. */
    readonly deadline: AbortSignal
  }
}

/** Timer ticks until a response times out: 16 intervals, and one more since the first tick may come at once. */
const TICKS = 17

const controllers = new WeakMap<FastifyRequest, AbortController>()

async function deadlines(app: FastifyInstance, options: DeadlinesOptions) {
  const { replyTimeoutMs } = parseOptions('deadlines', DeadlinesOptions, options)
  let timer: NodeJS.Timeout | undefined

  function tick() {
    for (const reply of app.inFlight) {
      reply.ticksLeft--
      if (reply.ticksLeft === 0) expire(reply)
    }
    if (app.inFlight.size === 0) timer = void clearInterval(timer)
  }

  app.decorateReply('ticksLeft', TICKS)
  app.decorateRequest('deadline', { getter: getDeadline })
  addHook(app, 'onRequest', 'deadlines', () => {
    timer ??= setInterval(tick, replyTimeoutMs / (TICKS - 1))
  })
  // The request has arrived: its whole time is left for the response.
  addHook(app, 'preValidation', 'deadlines', (_request, reply) => {
    reply.ticksLeft = TICKS
  })
  // The response is ready: the client has the whole time again to receive it.
  addHook(app, 'onSend', 'deadlines', (_request, reply, payload) => {
    reply.ticksLeft = TICKS
    return payload
  })
}

function getDeadline(this: FastifyRequest): AbortSignal {
  const existing = controllers.get(this)
  if (existing) return existing.signal
  const controller = new AbortController()
  controllers.set(this, controller)
  // 'close' of a request with a body only means that the body was read.
  this.raw.socket.once('close', () => controller.abort())
  return controller.signal
}

function expire(reply: FastifyReply) {
  const { request } = reply
  if (request.raw.complete === false) {
    // The body is still arriving, which Node's requestTimeout limits.
    reply.ticksLeft = TICKS
    return
  }
  controllers.get(request)?.abort()
  if (reply.raw.headersSent) {
    request.log.info('response not received in time')
    // A graceful close would leave the kernel offering the unsent bytes for minutes.
    request.raw.socket.resetAndDestroy()
    return
  }
  request.log.error({ route: request.routeOptions.url }, 'response not ready in time')
  reply.send(unavailable('the response was not ready in time'))
}

export default fp(deadlines, {
  name: 'deadlines',
  fastify: '5.x',
  dependencies: ['connection'],
})

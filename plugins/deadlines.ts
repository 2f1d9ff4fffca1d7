/**
 * Deadlines: limits the time until a response is ready, then the time until the client has received it.
 *
 * If a response is not ready in time, the client gets 503. If the client does not receive a response in
 * time, the connection is reset. Node's server limits the time in which a request arrives. One timer checks
 * all requests, since a timer for each request would cost more than most of the handling.
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
      'Milliseconds until a response must be ready. The same time limit then applies to ' +
      'sending it.',
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
    /** Aborted when the client has disconnected, or the response has timed out. */
    readonly deadline: AbortSignal
  }
}

/** Timer ticks until a response times out: 16, and one more because the first tick may come immediately. */
const TICKS = 17

/** The deadline of a request whose handler has read `request.deadline`. */
interface Deadline {
  signal: AbortSignal
  abort: () => void
}

const readDeadlines = new WeakMap<FastifyRequest, Deadline>()

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
  // The request has arrived. From now on, the handler has the full time.
  addHook(app, 'preValidation', 'deadlines', (_request, reply) => {
    reply.ticksLeft = TICKS
  })
  // The response is ready. From now on, the client has the full time to receive the response.
  addHook(app, 'onSend', 'deadlines', (_request, reply, payload) => {
    reply.ticksLeft = TICKS
    return payload
  })
  // Otherwise, each request on the connection would leave a listener on the socket.
  addHook(app, 'onRequestEnd', 'deadlines', (request) => {
    const deadline = readDeadlines.get(request)
    if (deadline) request.raw.socket.off('close', deadline.abort)
  })
}

function getDeadline(this: FastifyRequest): AbortSignal {
  const existing = readDeadlines.get(this)
  if (existing) return existing.signal
  const controller = new AbortController()
  const { signal } = controller
  const abort = () => controller.abort()
  readDeadlines.set(this, { signal, abort })
  // Listens on the socket, since a request with a body emits 'close' as soon as the body was read.
  this.raw.socket.once('close', abort)
  return signal
}

function expire(reply: FastifyReply) {
  const { request } = reply
  if (request.raw.complete === false) {
    // The body is still arriving; Node's requestTimeout limits the time in which it must arrive.
    reply.ticksLeft = TICKS
    return
  }
  readDeadlines.get(request)?.abort()
  if (reply.raw.headersSent) {
    request.log.info('response not received in time')
    // After a graceful close, the kernel would keep the unsent bytes for minutes.
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

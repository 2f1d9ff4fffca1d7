/**
 * Deadlines: limits how long a request may wait for its client or its handler.
 *
 * A handler must begin its response in time, otherwise the client gets 503. A body and a response may take any time if
 * their bytes flow at a minimum rate; otherwise the client gets 408, or the connection is reset. A handler that streams
 * its response slowly is not limited, unless its route sets a maximum. One timer checks all requests, since a timer for
 * each request would cost more than most of the handling. Node's server limits the time for the head.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Static } from 'typebox'
import { addHook } from '../src/hooks.ts'
import { cutResponse } from '../src/http/connection.ts'
import { bytesMoved, type Wait, waitOf } from '../src/http/connection-progress.ts'
import { unavailable } from '../src/http/http-error.ts'
import { RouteDeadline, TimeLimits } from '../src/http/route-deadline.ts'
import { parseOptions } from '../src/plugin-options.ts'

export const DeadlinesOptions = TimeLimits
export type DeadlinesOptions = Partial<Static<typeof DeadlinesOptions>>
export const autoConfig = ({ config }: FastifyInstance): DeadlinesOptions => config.deadlines

type Limits = Required<RouteDeadline>

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Time limits of the route. */
    deadline?: RouteDeadline
    /** All time limits of a route with `deadline`; set by the plugin. */
    deadlineLimits?: Limits
  }
  interface FastifySchema {
    /** Time limits of the route, for the OpenAPI document. */
    'x-deadline'?: RouteDeadline
  }
  interface FastifyReply {
    /** Cause of the wait at the last tick; undefined if the next tick starts the time again. */
    waitsFor: Wait | undefined
    /** Milliseconds that are left for this wait; NaN after the time has run out. */
    timeLeftMs: number
  }
  interface FastifyRequest {
    /** Aborted when the client has disconnected, or the time has run out. */
    readonly deadline: AbortSignal
  }
}

/** Timer ticks per timeout. A timeout may be late by two ticks. */
const TICKS = 16

/**
 * A client that sent its body fast may then stall for this number of timeouts. This does not apply to responses, since the
 * kernel also accepts bytes when its buffer grows, although the client receives nothing.
 */
const MAX_STALL_TIMEOUTS = 8

/** The deadline of a request whose handler has read `request.deadline`. */
interface Deadline {
  signal: AbortSignal
  abort: () => void
}

const readDeadlines = new WeakMap<FastifyRequest, Deadline>()

async function deadlines(app: FastifyInstance, options: DeadlinesOptions) {
  const parsed = parseOptions('deadlines', DeadlinesOptions, options)
  const defaults: Limits = { ...parsed, maximumMs: Number.POSITIVE_INFINITY }
  const tickMs = Math.max(1, Math.min(defaults.requestTimeoutMs, defaults.replyTimeoutMs) / TICKS)
  let timer: NodeJS.Timeout | undefined

  function tick() {
    for (const reply of app.inFlight) {
      const limits = reply.routeOptions.config.deadlineLimits ?? defaults
      if (isOver(reply, limits, tickMs)) expire(app, reply)
    }
    if (app.inFlight.size === 0) timer = void clearInterval(timer)
  }

  // From now on, the rate limits the time for a body. The time limit of Node would end long uploads.
  app.server.requestTimeout = 0
  app.decorateReply('waitsFor', undefined)
  app.decorateReply('timeLeftMs', 0)
  app.decorateRequest('deadline', { getter: getDeadline })
  app.addHook('onRoute', (route) => {
    const deadline = route.config?.deadline
    if (deadline === undefined) return
    const name = `${route.method} ${route.url}, config.deadline`
    const own = parseOptions(name, RouteDeadline, { ...parsed, ...deadline })
    route.config = { ...route.config, deadlineLimits: { ...defaults, ...own } }
    route.schema = { ...route.schema, 'x-deadline': deadline }
  })
  addHook(app, 'onRequest', 'deadlines', () => {
    timer ??= setInterval(tick, tickMs)
  })
  // From now on, the client has the full time for the body. Then `tick` gives the handler the full time.
  addHook(app, 'preParsing', 'deadlines', (_request, reply) => {
    reply.waitsFor = undefined
  })
  // Further requests on the connection would add more and more listeners to the socket.
  addHook(app, 'onRequestEnd', 'deadlines', (request) => {
    const deadline = readDeadlines.get(request)
    if (deadline) request.raw.socket.off('close', deadline.abort)
  })
}

/** Updates the time that is left for a reply, and returns true if it has run out. */
function isOver(reply: FastifyReply, limits: Limits, tickMs: number): boolean {
  const { request } = reply
  const wait = waitOf(request.raw, reply.raw)
  const timeoutMs = timeoutOf(wait, limits)
  const bytes = bytesMoved(request.raw.socket, wait)
  if (wait === reply.waitsFor) {
    const earnedMs = (bytes / limits.minBytesPerSecond) * 1_000
    const maximumMs = wait === 'body' ? timeoutMs * MAX_STALL_TIMEOUTS : timeoutMs
    reply.timeLeftMs = Math.min(reply.timeLeftMs + earnedMs - tickMs, maximumMs)
  } else {
    reply.waitsFor = wait
    reply.timeLeftMs = timeoutMs
  }
  if (Number.isNaN(reply.timeLeftMs)) return false
  return reply.timeLeftMs <= 0 || performance.now() - request.arrivedAt > limits.maximumMs
}

function timeoutOf(wait: Wait, { requestTimeoutMs, replyTimeoutMs }: Limits): number {
  if (wait === 'stream') return Number.POSITIVE_INFINITY
  return wait === 'body' ? requestTimeoutMs : replyTimeoutMs
}

/** Ends an exchange whose time has run out. */
function expire(app: FastifyInstance, reply: FastifyReply) {
  const { request, raw } = reply
  const { socket } = request.raw
  const route = request.routeOptions.url
  reply.timeLeftMs = Number.NaN
  readDeadlines.get(request)?.abort()
  if (reply.waitsFor === 'body') {
    // As Node does, so that the client gets the same 408 as for a slow head.
    const error = new Error('the body arrived too slowly')
    app.server.emit(
      'clientError',
      Object.assign(error, { code: 'ERR_HTTP_REQUEST_TIMEOUT' }),
      socket,
    )
  } else if (raw.headersSent) {
    if (reply.waitsFor === 'client') request.log.info('response not received in time')
    else request.log.error({ route }, 'response not finished in time')
    cutResponse(raw)
  } else {
    request.log.error({ route }, 'response not ready in time')
    reply.send(unavailable('the response was not ready in time'))
  }
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

export default fp(deadlines, {
  name: 'deadlines',
  fastify: '5.x',
  dependencies: ['connection'],
})

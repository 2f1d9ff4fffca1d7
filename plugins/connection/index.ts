/**
 * Connections: tracks requests in flight, and refuses bytes that never become a request (RFC 9112 §2.2, §9.5).
 *
 * Malformed, too large or too slow bytes and CONNECT get an error document; then the connection is closed.
 * `sendClientError` and `serializePerConnection` are options of the Fastify factory (see
 * src/fastify-options.ts).
 */
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply } from 'fastify'
import fp from 'fastify-plugin'
import { addHook } from '../../src/hooks.ts'
import { hasBody } from '../../src/http/body.ts'
import { CONNECTION_LIMITED, type LimitReached } from '../../src/http/connection.ts'
import { TUNNEL_REFUSED } from '../../src/http/connection-problem.ts'
import { discardSmallBody } from '../../src/http/early-response.ts'
import { refuseInOrder } from './client-errors.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Replies whose response is not completely sent. */
    readonly inFlight: ReadonlySet<FastifyReply>
  }
}

async function connection(app: FastifyInstance) {
  const inFlight = new Set<FastifyReply>()
  app.decorate('inFlight', inFlight)

  addHook(app, 'onRequest', 'connection', (request, reply) => {
    request.raw.id = request.id
    inFlight.add(reply)
  })
  addHook(app, 'onRequestEnd', 'connection', ({ raw }, { reply, isAborted }) => {
    inFlight.delete(reply)
    if (isAborted) emitClose(raw)
  })

  // Without the body, the response would close the connection. A streamed response may read the body itself.
  addHook(app, 'onSend', 'connection', (request, reply, payload) => {
    if (payload instanceof Readable || reply.hasHeader('connection')) return payload
    const body = discardSmallBody(request.raw)
    return body ? body.then(() => payload) : payload
  })

  logDescriptors(app)

  // Node removes its own listeners from this socket. Without an error listener, a reset would end the process.
  app.server.on('connect', (_request: IncomingMessage, socket: Socket) => {
    socket.on('error', () => {}).resume()
    refuseInOrder(app, { problem: TUNNEL_REFUSED, reason: 'CONNECT' }, socket)
  })
}

/** Time without a refused connection after which the next one is logged. */
const LOG_INTERVAL_MS = 60_000

/** Logs that there are no file descriptors for new connections: the first of many. */
function logDescriptors({ server, log }: FastifyInstance) {
  let latest = Number.NEGATIVE_INFINITY
  server.on(CONNECTION_LIMITED, (reason: LimitReached) => {
    if (reason !== 'descriptors') return
    const now = performance.now()
    if (now - latest > LOG_INTERVAL_MS) log.error('out of file descriptors for connections')
    latest = now
  })
}

/**
 * Emits 'close' of an aborted request without a body, on which Fastify's onRequestAbort hooks depend. Node does not emit it
 * with `optimizeEmptyRequests`.
 */
function emitClose(raw: IncomingMessage): void {
  if (raw.aborted || hasBody(raw.headers)) return
  raw.aborted = true
  raw.emit('close')
}

export default fp(connection, { name: 'connection', fastify: '5.x' })

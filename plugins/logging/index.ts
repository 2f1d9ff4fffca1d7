/**
 * Logging: the tutorial's "Simple Debug & Logging", with its `app.log`.
 *
 * Every request is logged once, with its id, method, route, status and duration. The id is the client's
 * X-Request-Id if valid, and is returned in the response, so that a client's report leads to the log line.
 * The route is logged instead of the URL, which may hold a secret. `createLogger` and `createRequestLogger`
 * are options of the Fastify factory (see src/fastify-options.ts).
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { addHook, CLIENT_CLOSED_REQUEST } from '../../src/hooks.ts'
import { flushLog, logRequest } from './logger.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Level of the route's request lines; info by default. */
    logLevel?: 'debug'
  }
}

async function logging(app: FastifyInstance) {
  addHook(app, 'onRequest', 'logging', setRequestId)
  addHook(app, 'onErrorReply', 'logging', setRequestId)
  addHook(app, 'onRequestEnd', 'logging', (request, { status, durationMs, isAborted }) => {
    // plugins/connection/ has logged a request that it refused before it was complete.
    if (isAborted && status !== CLIENT_CLOSED_REQUEST) return
    const message = isAborted ? 'request aborted' : 'request completed'
    logRequest(request, { status, durationMs, message })
  })
  app.addHook('onClose', (instance, done) => flushLog(instance.log, done))
}

function setRequestId(request: FastifyRequest, reply: FastifyReply) {
  reply.header('x-request-id', request.id)
}

export default fp(logging, { name: 'logging', fastify: '5.x' })

/**
 * Logging: the tutorial's section "Simple Debug & Logging", with `app.log`.
 *
 * Every request is logged once, with id, method, route, status and duration. The id is the client's X-Request-Id
 * if valid. The response contains the id, so that a client can report it. The URL is not logged, since it may
 * contain a secret. `createLogger` and `createRequestLogger` are options of the Fastify factory (see
 * src/fastify-options.ts).
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
    // plugins/connection/ has already logged incomplete requests that were refused.
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

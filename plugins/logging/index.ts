/**
 * Logging: the tutorial's section "Simple Debug & Logging", with `app.log`.
 *
 * Every request is logged once, with id, client, account, method, route, status and duration, and a write with its
 * resource and version. The response contains the id, so that a client can report it. An X-Request-Id of the client is
 * logged as its claim. The URL is not logged, since it may contain a secret. `createLogger` and `createRequestLogger`
 * are options of the Fastify factory (see src/fastify-options.ts).
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { addHook, CLIENT_CLOSED_REQUEST } from '../../src/hooks.ts'
import { shortNetworkOf } from '../../src/http/client-address.ts'
import { parseOptions } from '../../src/plugin-options.ts'
import { bindClient, flushLog, LoggingOptions, logRequest } from './logger.ts'

export const autoConfig = ({ config }: FastifyInstance): LoggingOptions => config.logging

declare module 'fastify' {
  interface FastifyInstance {
    /** Returns the address of a client as the log may contain it. */
    loggedAddress?: (address?: string) => string
  }
  interface FastifyContextConfig {
    /** Level of the route's request lines; info by default. */
    logLevel?: 'debug'
  }
}

async function logging(app: FastifyInstance, given: LoggingOptions) {
  const { clientAddress } = parseOptions('logging', LoggingOptions, given)
  const shown = (address = '') => (clientAddress === 'full' ? address : shortNetworkOf(address))
  app.decorate('loggedAddress', shown)
  addHook(app, 'onRequest', 'logging', (request, reply) => {
    bindClient(request, shown(request.ip))
    setRequestId(request, reply)
  })
  addHook(app, 'onFrameworkError', 'logging', (request) => bindClient(request, shown(request.ip)))
  addHook(app, 'onErrorReply', 'logging', setRequestId)
  addHook(app, 'onRequestEnd', 'logging', (request, { status, durationMs, isAborted, reply }) => {
    // plugins/connection/ has already logged incomplete requests that were refused.
    if (isAborted && status !== CLIENT_CLOSED_REQUEST) return
    const message = isAborted ? 'request aborted' : 'request completed'
    logRequest(request, { status, durationMs, message }, isAborted ? undefined : reply)
  })
  app.addHook('onClose', (instance, done) => flushLog(instance.log, done))
}

function setRequestId(request: FastifyRequest, reply: FastifyReply) {
  reply.header('x-request-id', request.id)
}

export default fp(logging, { name: 'logging', fastify: '5.x' })

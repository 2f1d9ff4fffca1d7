/**
 * Expectations: `Expect: 100-continue` (RFC 9110 §10.1.1).
 *
 * A client that waits before it sends a body gets 100 only after authentication, content type and length have
 * been checked. If a check fails, the client gets the final response instead, and Node closes the connection.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { addHook } from '../src/hooks.ts'
import { hasBody } from '../src/http/body.ts'
import { bodyTooLarge } from '../src/http/body-options.ts'
import { READ_METHODS } from '../src/http/route-info.ts'

async function expectations(app: FastifyInstance) {
  // Without listeners, Node sends 100 or 417 itself, before any hook runs.
  for (const event of ['checkContinue', 'checkExpectation']) {
    app.server.on(event, (request, response) => app.server.emit('request', request, response))
  }
  addHook(app, 'preParsing', 'expectations', (request, reply) => {
    if (READ_METHODS.includes(request.method)) return // their body is not read
    checkLength(request)
    if (isWaiting(request)) reply.raw.writeContinue()
  })
}

/** Checks the length before 100 Continue. Fastify would check the length only while reading the body. */
function checkLength({ headers, routeOptions: { bodyLimit = 0 } }: FastifyRequest) {
  if (Number(headers['content-length'] ?? 0) <= bodyLimit) return
  throw bodyTooLarge(bodyLimit)
}

function isWaiting({ headers, raw }: FastifyRequest): boolean {
  return headers.expect !== undefined && raw.httpVersion === '1.1' && hasBody(headers)
}

export default fp(expectations, { name: 'expectations', fastify: '5.x' })

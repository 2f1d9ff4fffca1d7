import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { addHook } from '../src/hooks.ts'
import { announcesBody } from '../src/http/body.ts'
import { HttpError } from '../src/http/http-error.ts'

/**
 * Expectations: `Expect: 100-continue` (RFC 9110 §10.1.1).
 *
 * A client that asks before it sends a body is told to go on only when the body is wanted: who is not
 * let in, or sends too much or the wrong type, gets the final answer in its place, and Node closes
 * the connection behind it.
 */
export default fp(
  async (app) => {
    // Node would answer both of its own before any hook
    for (const event of ['checkContinue', 'checkExpectation']) {
      app.server.on(event, (request, response) => app.server.emit('request', request, response))
    }
    addHook(app, 'preParsing', 'expectations', (request, reply) => {
      if (UNREAD.includes(request.method)) return
      checkLength(request)
      if (isWaiting(request)) reply.raw.writeContinue()
    })
  },
  { name: 'expectations', fastify: '5.x' },
)

/** Methods whose body is not read, however long. */
const UNREAD = ['GET', 'HEAD']

/** Fastify finds out when the body is read. */
function checkLength({ headers, routeOptions: { bodyLimit = 0 } }: FastifyRequest) {
  if (Number(headers['content-length'] ?? 0) <= bodyLimit) return
  throw new HttpError('CONTENT_TOO_LARGE', `the body is larger than ${bodyLimit} octets`)
}

function isWaiting({ headers, raw }: FastifyRequest): boolean {
  return headers.expect !== undefined && raw.httpVersion === '1.1' && announcesBody(headers)
}

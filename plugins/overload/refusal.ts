/** Writes the 503 of load shedding without Fastify, since a refusal must cost far less than a request. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { corsFields, varyOf } from '../../src/http/cors-fields.ts'
import { discardSmallBody } from '../../src/http/early-response.ts'
import { unavailable } from '../../src/http/http-error.ts'
import { NEGOTIATED_VARY } from '../../src/http/media-types.ts'
import { prepareProblem } from '../../src/http/prepared-problem.ts'
import { reasonOf } from '../../src/http/problem.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** The option `genReqId`; Fastify's own types lack this getter. */
    readonly genReqId: (request: IncomingMessage) => string
  }
}

/** Returns a function that refuses a request with 503 (RFC 9110 §15.6.4) and Retry-After. */
export function createRefusal(app: FastifyInstance, allowedOrigins: readonly string[]) {
  const { statusCode: status, detail, headers } = unavailable('the service is overloaded')
  const vary = varyOf(allowedOrigins, NEGOTIATED_VARY)
  const reason = reasonOf(status)
  const responseFor = prepareProblem({ status, detail }, { ...headers, vary })

  return (request: IncomingMessage, response: ServerResponse) => {
    const { accept, origin } = request.headers
    const { fields, body } = responseFor(accept)
    const all = [...fields, 'x-request-id', app.genReqId(request)]
    if (app.isClosing) all.push('connection', 'close')
    const cors = corsFields(allowedOrigins, origin)
    if (cors) all.push(...Object.entries(cors).flat())
    const send = () => response.writeHead(status, reason, all).end(body)
    const rest = discardSmallBody(request)
    if (rest) rest.then(send)
    else send()
  }
}

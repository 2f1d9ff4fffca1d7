import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { checkHead } from '../src/http/framing.ts'

/**
 * Framing: what has to be right before a request means anything (RFC 9112 §3, §6).
 *
 * The parser refuses what it cannot read. What it reads leniently, Host, transfer codings, versions
 * and forms of the target, is refused here, before any other plugin looks at the request.
 */
export default fp(
  async (app) => {
    app.addHook('onRequest', (request, _reply, done) => {
      checkFraming(request)
      request.decided?.('framing', true)
      done()
    })
  },
  { name: 'framing', dependencies: ['connection'] },
)

/** @throws {HttpError} as `checkHead`. */
export function checkFraming({ raw, originalUrl }: FastifyRequest) {
  const { httpVersion, method, headers, rawHeaders } = raw
  checkHead({ httpVersion, method: String(method), url: originalUrl, headers, rawHeaders })
}

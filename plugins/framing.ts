import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { addHook } from '../src/hooks.ts'
import { checkForwarded, checkHead } from '../src/http/framing.ts'

/**
 * Framing: what has to be right before a request means anything (RFC 9112 §3, §6).
 *
 * The parser refuses what it cannot read. What it reads leniently, Host, transfer codings, versions
 * and forms of the target, is refused here, before any other plugin looks at the request. So is what a
 * proxy tells that it should not: fields of anyone whom TRUST_PROXY does not name are ignored.
 */
export default fp(
  async (app) => {
    addHook(app, 'onRequest', 'framing', (request) => {
      checkFraming(request)
      request.explain?.('framing', true)
    })
    addHook(app, 'onFrameworkError', 'framing', checkFraming)
  },
  { name: 'framing', fastify: '5.x' },
)

/** @throws {HttpError} as `checkHead` and `checkForwarded`. */
function checkFraming(request: FastifyRequest) {
  const { httpVersion, method, headers, rawHeaders } = request.raw
  checkHead({ httpVersion, method: String(method), url: request.originalUrl, headers, rawHeaders })
  if (isForwarded(request)) checkForwarded(request)
}

/** Whether TRUST_PROXY has the fields of a proxy count, and there are some. */
function isForwarded({ host, protocol, headers }: FastifyRequest): boolean {
  return host !== (headers.host ?? '') || protocol !== 'http'
}

/**
 * Framing: refuses a request head that is ambiguous or not supported (RFC 9112 §3, §6).
 *
 * Node's parser is lenient about Host, transfer codings, versions and forms of the target. This plugin checks
 * them before any other plugin uses the request. Invalid X-Forwarded header fields are refused if a trusted
 * proxy sent them, otherwise ignored.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { addHook } from '../src/hooks.ts'
import { checkForwarded, checkHead } from '../src/http/framing.ts'

async function framing(app: FastifyInstance) {
  addHook(app, 'onRequest', 'framing', (request) => {
    checkFraming(request)
    request.explain?.('framing', true)
  })
  addHook(app, 'onFrameworkError', 'framing', checkFraming)
}

/** @throws {HttpError} as `checkHead` and `checkForwarded` */
function checkFraming(request: FastifyRequest) {
  const { httpVersion, method, headers, rawHeaders } = request.raw
  checkHead({ httpVersion, method: String(method), url: request.originalUrl, headers, rawHeaders })
  if (isForwarded(request)) checkForwarded(request)
}

/** Returns true if Fastify took host or protocol from X-Forwarded header fields, as it does for a trusted proxy. */
function isForwarded({ host, protocol, headers }: FastifyRequest): boolean {
  return host !== (headers.host ?? '') || protocol !== 'http'
}

export default fp(framing, { name: 'framing', fastify: '5.x' })

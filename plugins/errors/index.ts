/**
 * Errors: the tutorial's "Status Codes & Errors".
 *
 * Sends every error of a handler, of validation or of the router as an error document: the tutorial's JSON, unless
 * Accept asks for problem details (RFC 9457), XML, text or HTML. The message of an unexpected error is only logged,
 * with the request id. Bytes that never become a request are handled in plugins/connection/. `sendFrameworkError` is an
 * option of the Fastify factory (see src/fastify-options.ts).
 */
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { sendError } from './send-error.ts'

async function errors(app: FastifyInstance) {
  app.setErrorHandler(sendError)
}

export default fp(errors, { name: 'errors', fastify: '5.x' })

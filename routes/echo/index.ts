import { isUtf8 } from 'node:buffer'
import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { CREDENTIAL_FIELDS } from '../../src/http/credentials.ts'
import { echo } from './schema.ts'

const routes: FastifyPluginAsyncTypebox = async (app) => {
  app.route({
    method: ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'],
    url: '/echo',
    schema: echo,
    handler: ({ method: sent, url, headers, bytes }, reply) => {
      // The response to HEAD has the header fields of the response to GET (RFC 9110 §9.3.2).
      const method = sent === 'HEAD' ? 'GET' : sent
      return reply.represent({
        'text/plain': `ECHO: ${method}\n`,
        'application/json': {
          method,
          url,
          headers: redactCredentials(headers),
          body: bytes && encode(bytes),
        },
      })
    },
  })
}
export default routes

function encode(bytes: Buffer): string {
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'base64')
}

/** Redacts credentials, since people paste the output into bug reports. */
function redactCredentials(headers: IncomingHttpHeaders) {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      CREDENTIAL_FIELDS.includes(name) ? '[redacted]' : value,
    ]),
  )
}

import { isUtf8 } from 'node:buffer'
import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
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
          headers: selectFields(headers),
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

/**
 * Header fields in the response. Other fields may be credentials, or fields that a proxy adds, such as addresses of
 * the network behind it, and people paste the output into bug reports.
 */
const SHOWN_FIELDS = [
  'accept',
  'accept-encoding',
  'accept-language',
  'cache-control',
  'content-encoding',
  'content-language',
  'content-length',
  'content-type',
  'host',
  'origin',
  'prefer',
  'user-agent',
]

function selectFields(headers: IncomingHttpHeaders) {
  return Object.fromEntries(
    SHOWN_FIELDS.filter((name) => headers[name] !== undefined).map((name) => [name, headers[name]]),
  )
}

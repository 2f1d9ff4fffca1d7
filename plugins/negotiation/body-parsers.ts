/** Parsers of request bodies, in place of Fastify's. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { BODY_PARSERS } from '../../src/http/body.ts'

/** Registers the parsers. They keep the bytes too: an idempotency key is bound to them. */
export function addBodyParsers(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  for (const [mediaType, parse] of Object.entries(BODY_PARSERS)) {
    app.addContentTypeParser<Buffer>(
      mediaType,
      { parseAs: 'buffer' },
      async (request: FastifyRequest, bytes: Buffer) => {
        request.bytes = bytes
        return parse(bytes, String(request.headers['content-type']))
      },
    )
  }
}

/**
 * OpenAPI: describes the service in an OpenAPI 3.1 document, generated from the routes' schemas.
 *
 * `document.ts` adds to each operation what its schema does not repeat: header fields, credentials and the
 * failures that all operations share. A route with `hide: true` in its schema is left out.
 */
import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { completeDocument } from './document.ts'
import { INFO, SECURITY_SCHEMES, SERVERS } from './info.ts'
import type { Document } from './openapi.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Returns the OpenAPI document, once the app is ready; the same object each time. */
    openApiDocument: () => Document
  }
}

async function openApi(app: FastifyInstance) {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.1',
      info: INFO,
      servers: SERVERS,
      components: { securitySchemes: SECURITY_SCHEMES },
    },
    convertConstToEnum: false, // OpenAPI 3.1 supports `const`
  })
  let document: Document | undefined
  app.decorate('openApiDocument', () => {
    // Its type covers other versions of OpenAPI too; the configuration above chooses 3.1.
    document ??= completeDocument(app.swagger() as unknown as Document)
    return document
  })
}

export default fp(openApi, { name: 'openapi', fastify: '5.x' })

import swagger from '@fastify/swagger'
import fp from 'fastify-plugin'
import { completeDocument } from './document.ts'
import { INFO, SECURITY_SCHEMES, SERVERS } from './info.ts'
import type { Document } from './openapi.ts'

/**
 * Contract: what the service promises, as OpenAPI 3.1.
 *
 * It is read off the routes' schemas, completed by `src/contract/`, and built when somebody first asks
 * for it. A route with `hide: true` in its schema has no part in it.
 */
export default fp(
  async (app) => {
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.1',
        info: INFO,
        servers: SERVERS,
        components: { securitySchemes: SECURITY_SCHEMES },
      },
      convertConstToEnum: false, // OpenAPI 3.1 has it
    })
    let contract: Document | undefined
    app.decorate('contract', () => {
      // its types are those of other versions too
      contract ??= completeDocument(app.swagger() as unknown as Document)
      return contract
    })
  },
  { name: 'openapi', fastify: '5.x' },
)

declare module 'fastify' {
  interface FastifyInstance {
    /** Describes the service: all of its routes, once it is ready. */
    contract: () => Document
  }
}

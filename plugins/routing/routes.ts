/** The index of the service. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { readIndex } from './schema.ts'

const OPTIONS = {
  schema: readIndex,
  prefixTrailingSlash: 'no-slash', // otherwise Fastify also registers `//`
} as const

const routes: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/', OPTIONS, (_request, reply) =>
    reply.represent({
      'text/plain': 'Welcome',
      'application/json': {
        name: 'restful-web-api',
        links: app.entryPoints(),
      },
    }),
  )
}
export default routes

declare module './index.ts' {
  interface NamedRoutes {
    readIndex: null
  }
}

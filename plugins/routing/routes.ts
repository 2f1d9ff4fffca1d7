/** The index of the service. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { publicPath } from '../../src/http/request-target.ts'
import { listEntryPoints } from './schema.ts'

const OPTIONS = {
  schema: listEntryPoints,
  prefixTrailingSlash: 'no-slash', // otherwise Fastify also registers `//`
} as const

const routes: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/', OPTIONS, (request, reply) =>
    reply.represent({
      'text/plain': 'Welcome',
      'application/json': {
        name: 'restful-web-api',
        links: publicPaths(request, app.entryPoints()),
      },
    }),
  )
}
export default routes

function publicPaths(request: FastifyRequest, paths: Record<string, string>) {
  const entries = Object.entries(paths)
  return Object.fromEntries(entries.map(([name, path]) => [name, publicPath(request, path)]))
}

declare module './index.ts' {
  interface NamedRoutes {
    listEntryPoints: null
  }
}

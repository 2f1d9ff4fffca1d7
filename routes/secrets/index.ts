import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { readSecret } from './schema.ts'

const SECRET = 'Shhh this is top secret spy stuff!'

const routes: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/secrets', { schema: readSecret, onRequest: app.requireAuth() }, (_request, reply) =>
    reply.cacheControl('no-store').represent({
      'text/plain': SECRET,
      'application/json': { message: SECRET },
    }),
  )
}
export default routes

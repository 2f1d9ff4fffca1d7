import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { readSecret } from './schema.ts'

const SECRET = 'Shhh this is top secret spy stuff!'

const routes: FastifyPluginAsyncTypebox = async (app) => {
  const options = { onRequest: app.requireAuth(), config: { cache: { noStore: true } } }
  app.get('/secrets', { schema: readSecret, ...options }, (_request, reply) =>
    reply.represent({ 'text/plain': SECRET, 'application/json': { message: SECRET } }),
  )
}
export default routes

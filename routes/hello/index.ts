import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { readGreeting, VERSION_2 } from './schema.ts'

/** Link to the tutorial's author (RFC 8288 §3). */
const AUTHOR = '<http://luisrei.com>; rel="author"'

const routes: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/hello', { schema: readGreeting }, (request, reply) => {
    const { name = 'John Doe' } = request.query
    return reply.header('link', AUTHOR).represent({
      'text/plain': `Hello ${name}`,
      'application/json': { hello: 'world', number: 3 },
      [VERSION_2]: { greeting: `Hello ${name}`, name },
    })
  })
}
export default routes

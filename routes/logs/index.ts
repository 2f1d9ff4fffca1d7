import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { writeLogs } from './schema.ts'

const ADVICE = 'check your logs'

const routes: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/logs', { schema: writeLogs }, ({ log }, reply) => {
    log.info('informing')
    log.warn('warning')
    log.error('screaming bloody murder!')
    return reply.represent({
      'text/plain': `${ADVICE}\n`,
      'application/json': { message: ADVICE },
    })
  })
}
export default routes

import sensible from '@fastify/sensible'
import fp from 'fastify-plugin'

/** The small things: `reply.cacheControl`, `reply.preventCache`, `request.is` and their like. */
export default fp(sensible, { name: 'sensible' })

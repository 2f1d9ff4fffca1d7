/**
 * Helpers of @fastify/sensible for handlers: `reply.cacheControl`, `reply.preventCache`, `request.is`,
 * `app.httpErrors`.
 */
import sensible from '@fastify/sensible'
import fp from 'fastify-plugin'

export default fp(sensible, { name: 'sensible', fastify: '5.x' })

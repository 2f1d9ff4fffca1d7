// Fastify with commonly used plugins and its built-in logger.
import accepts from '@fastify/accepts'
import basicAuth from '@fastify/basic-auth'
import compress from '@fastify/compress'
import cors from '@fastify/cors'
import etag from '@fastify/etag'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import sensible from '@fastify/sensible'
import fastify from 'fastify'
import { isRight, NO_LIMIT, PORT } from './answers.js'
import * as articles from './articles.js'
import { addRoutes } from './fastify-routes.js'

const app = fastify({ logger: true })
await app.register(helmet)
await app.register(cors)
await app.register(rateLimit, { max: NO_LIMIT, timeWindow: 60_000 })
await app.register(compress)
await app.register(etag)
await app.register(sensible)
await app.register(accepts)
await app.register(basicAuth, {
  validate: async (name, password) => {
    if (!isRight(name, password)) throw app.httpErrors.unauthorized()
  },
})

addRoutes(app, articles, app.basicAuth)

await app.listen({ port: PORT, host: '127.0.0.1' })

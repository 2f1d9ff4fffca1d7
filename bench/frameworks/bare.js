// Fastify with routes only, in the version that the service uses. The ratios in docs/benchmarks.md compare each server
// with this one.
import fastify from 'fastify'
import { isAuthorized, PORT } from './answers.js'
import { addRoutes } from './fastify-routes.js'

const app = fastify()

// The database is a file of SQLite or, as for the service, a URL of PostgreSQL.
const isPostgres = process.env.DATABASE.startsWith('postgres:')
const articles = await import(isPostgres ? './articles-postgres.js' : './articles.js')

addRoutes(app, articles, (request, reply, done) => {
  if (isAuthorized(request.headers.authorization)) done()
  else reply.code(401).send({ status: 401 })
})

await app.listen({ port: PORT, host: '127.0.0.1' })

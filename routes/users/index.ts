import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { HttpError } from '../../src/http/http-error.ts'
import { readPageRequest, writePageLinks } from '../../src/http/page.ts'
import { listUsers, readUser, type UserParams } from './schema.ts'

const routes: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/users', { schema: listUsers }, async ({ query }, reply) => {
    const url = app.urlFor('listUsers')
    const page = await app.stores.users.list(readPageRequest(url, query), query.name)
    reply.header('link', writePageLinks(url, query, page))
    return { items: page.items.map(({ id, name }) => ({ [id]: name })) }
  })

  app.get('/users/:userId', { schema: readUser }, async (request) => {
    const user = await app.stores.users.find(request.params.userId)
    if (!user) throw new HttpError('NOT_FOUND')
    return { [user.id]: user.name }
  })
}
export default routes

declare module '../../plugins/routing.ts' {
  interface NamedRoutes {
    listUsers: null
    readUser: UserParams
  }
}

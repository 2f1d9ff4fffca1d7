import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { HttpError } from '../../src/http/http-error.ts'
import { readUser, type UserParams } from './schema.ts'

const routes: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/users/:userId', { schema: readUser }, async (request) => {
    const user = await app.stores.users.find(request.params.userId)
    if (!user) throw new HttpError('NOT_FOUND')
    return { [user.id]: user.name }
  })
}
export default routes

declare module '../../plugins/routing.ts' {
  interface NamedRoutes {
    readUser: UserParams
  }
}

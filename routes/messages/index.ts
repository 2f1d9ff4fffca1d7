import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { HttpError } from '../../src/http/http-error.ts'
import { acknowledge, dispositionOf, messageOf } from './message.ts'
import { createMessage, type MessageParams, readMessage } from './schema.ts'

const routes: FastifyPluginAsyncTypebox = async (app) => {
  app.post('/messages', { schema: createMessage }, async (request, reply) => {
    const sent = messageOf(request)
    const message = await app.stores.messages.create(sent)
    const location = app.urlFor('readMessage', { messageId: message.id })
    return reply
      .code(201)
      .header('location', location)
      .represent({
        'text/plain': acknowledge(request, sent),
        'application/json': message,
      })
  })

  app.get('/messages/:messageId', { schema: readMessage }, async (request, reply) => {
    const message = await app.stores.messages.find(request.params.messageId)
    if (!message) throw new HttpError('NOT_FOUND')
    return reply
      .headers({ 'content-type': message.mediaType, ...dispositionOf(message) })
      .send(message.bytes)
  })
}
export default routes

declare module '../../plugins/routing.ts' {
  interface NamedRoutes {
    createMessage: null
    readMessage: MessageParams
  }
}

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { HttpError } from '../../src/http/http-error.ts'
import { readPageRequest, writePageLinks } from '../../src/http/page.ts'
import { acknowledge, dispositionOf, messageOf } from './message.ts'
import { createMessage, listMessages, type MessageParams, readMessage } from './schema.ts'

const routes: FastifyPluginAsyncTypebox = async (app) => {
  app.post('/messages', { schema: createMessage }, async (request, reply) => {
    const sent = messageOf(request)
    const message = await request.once(({ messages }) => messages.create(sent))
    const location = app.urlFor('readMessage', { messageId: message.id })
    return reply
      .code(201)
      .header('location', location)
      .represent({
        'text/plain': acknowledge(request, sent),
        'application/json': message,
      })
  })

  app.get('/messages', { schema: listMessages }, async ({ query }, reply) => {
    const url = app.urlFor('listMessages')
    const page = await app.stores.messages.list(readPageRequest(url, query), query.mediaType)
    reply.header('link', writePageLinks(url, query, page))
    return { items: page.items }
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
    listMessages: null
    readMessage: MessageParams
  }
}

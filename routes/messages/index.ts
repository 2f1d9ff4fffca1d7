import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Static } from 'typebox'
import { entityTag } from '../../src/http/entity-tag.ts'
import { existing } from '../../src/http/http-error.ts'
import { describePage, readPageRequest } from '../../src/http/pagination.ts'
import { writeExpected } from '../../src/http/preconditions.ts'
import { acknowledge, dispositionOf, messageOf } from './message.ts'
import {
  createMessage,
  deleteMessage,
  listMessages,
  type MessageParams,
  messageList,
  readMessage,
} from './schema.ts'
import { createMessageStore } from './store.ts'

const routes: FastifyPluginAsyncTypebox = async (app) => {
  const messages = app.store(createMessageStore)
  const mayWrite = app.requireAuth('write')
  // The tutorial's commands send no credentials, and the tutorial's accounts are public anyway.
  const mayPost = app.config.tutorialAccounts ? [] : mayWrite

  const config = { currentVersion: () => readList({}), keepsBytes: true }
  const creation = { onRequest: mayPost, config }
  app.post('/messages', { schema: createMessage, ...creation }, async (request, reply) => {
    const sent = messageOf(request)
    const message = await request.idempotent(createMessageStore, (messages) =>
      messages.create(sent),
    )
    const location = app.urlFor('readMessage', { messageId: message.id })
    return reply
      .code(201)
      .headers({ location, etag: entityTag(message.sha256) }) // the tag of the message, not of this response
      .represent({
        'text/plain': acknowledge(request, sent),
        'application/json': message,
      })
  })

  app.get('/messages', { schema: listMessages }, async ({ query, headers }, reply) => {
    const { items, fields, version } = await readList(query, headers)
    reply.headers(fields).version({ version })
    return { items }
  })

  app.get('/messages/:messageId', { schema: readMessage }, async ({ params }, reply) => {
    const message = existing(await messages.find(params.messageId))
    return reply
      .version(message)
      .headers({ 'accept-ranges': 'bytes', 'content-type': message.mediaType })
      .headers(dispositionOf(message))
      .send(message.bytes)
  })

  app.delete(
    '/messages/:messageId',
    { schema: deleteMessage, onRequest: mayWrite, config: { requiresIfMatch: true } },
    async ({ params: { messageId }, headers }, reply) => {
      await writeExpected(
        headers,
        async () => existing(await messages.findVersion(messageId)),
        ({ version }) => messages.delete(messageId, version),
      )
      return reply.code(204).send()
    },
  )

  async function readList(query: Static<typeof messageList.query>, headers?: IncomingHttpHeaders) {
    const url = app.urlFor('listMessages')
    const page = await messages.list(readPageRequest(messageList, url, query, headers))
    return { items: page.items, ...describePage(url, query, page) }
  }
}
export default routes

declare module '../../plugins/routing/index.ts' {
  interface NamedRoutes {
    listMessages: null
    readMessage: MessageParams
  }
}

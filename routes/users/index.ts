import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import type { Static } from 'typebox'
import { existing, HttpError } from '../../src/http/http-error.ts'
import { describePage, readPageRequest } from '../../src/http/pagination.ts'
import { applyPatch, validatePatched } from '../../src/http/patch.ts'
import { isUnchanged, writeExpected } from '../../src/http/preconditions.ts'
import { MAX_CHOSEN_ID } from '../../src/schemas/property-schemas.ts'
import { namesById, readNewUser } from './names-by-id.ts'
import {
  createUser,
  deleteUser,
  listUsers,
  type NewUser,
  patchUser,
  readUser,
  replaceUser,
  type UserParams,
  userList,
} from './schema.ts'
import { createUserStore, type VersionedUser } from './store.ts'

const routes: FastifyPluginAsyncTypebox = async (app) => {
  const users = app.store(createUserStore)
  const mayWrite = app.requireAuth('write')
  const conditional = { onRequest: mayWrite, config: { requiresIfMatch: true } } as const

  app.get('/users', { schema: listUsers }, async ({ query, headers }, reply) => {
    const { items, fields, version } = await readList(query, headers)
    reply.headers(fields).version({ version })
    return { items: items.map(namesById) }
  })

  const creation = { onRequest: mayWrite, config: { currentVersion: () => readList({}) } }
  app.post('/users', { schema: createUser, ...creation }, async (request, reply) => {
    const created = await request.idempotent(createUserStore, (users) => users.create(request.body))
    const location = app.urlFor('readUser', { userId: created.user.id })
    return represent(reply.code(201).header('location', location), created)
  })

  app.get('/users/:userId', { schema: readUser }, async ({ params }, reply) =>
    represent(reply, await findExisting(params.userId)),
  )

  app.put(
    '/users/:userId',
    { schema: replaceUser, ...conditional },
    async ({ params: { userId }, headers, body }, reply) => {
      const fields = readNewUser(userId, body)
      const written = await writeExpected(
        headers,
        () => users.find(userId),
        async (found) => {
          if (found) return replaceChanged(found, fields)
          if (userId > MAX_CHOSEN_ID) throw new HttpError('NOT_FOUND')
          const created = await users.createAt(userId, fields)
          if (created) reply.code(201).header('location', app.urlFor('readUser', { userId }))
          return created
        },
      )
      return represent(reply, written)
    },
  )

  app.patch(
    '/users/:userId',
    { schema: patchUser, ...conditional },
    async ({ params: { userId }, headers, mediaType, body }, reply) => {
      const patched = await writeExpected(
        headers,
        () => findExisting(userId),
        async (found) => {
          const result = applyPatch(mediaType, namesById(found.user), body)
          const fields = validatePatched(() => readNewUser(userId, result))
          return replaceChanged(found, fields)
        },
      )
      return represent(reply, patched)
    },
  )

  app.delete(
    '/users/:userId',
    { schema: deleteUser, ...conditional },
    async ({ params: { userId }, headers }, reply) => {
      await writeExpected(
        headers,
        () => findExisting(userId),
        (found) => users.delete(userId, found.version),
      )
      return reply.code(204).send()
    },
  )

  async function readList(query: Static<typeof userList.query>, headers?: IncomingHttpHeaders) {
    const url = app.urlFor('listUsers')
    const page = await users.list(readPageRequest(userList, url, query, headers))
    return { items: page.items, ...describePage(url, query, page) }
  }

  async function findExisting(id: number) {
    return existing(await users.find(id))
  }

  async function replaceChanged(found: VersionedUser, fields: NewUser) {
    if (isUnchanged(found.user, fields, ['id'])) return found
    return users.replace(found.user.id, found.version, fields)
  }
}
export default routes

function represent(reply: FastifyReply, { user, ...version }: VersionedUser) {
  return reply.version(version).represent({ 'application/json': namesById(user) })
}

declare module '../../plugins/routing/index.ts' {
  interface NamedRoutes {
    listUsers: null
    readUser: UserParams
  }
}

/** Routes of the reference pages, and of the files that pages load. */
import { hash } from 'node:crypto'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import { NO_STORE } from '../../src/http/cache-policy.ts'
import { existing } from '../../src/http/http-error.ts'
import { PAGE_FIELDS, REFERENCE_PATH } from './layout.ts'
import { renderIndex } from './reference/index-page.ts'
import { renderOperation } from './reference/operation-page.ts'
import { listOperations, readOperation, readStaticFile } from './schema.ts'
import { serviceOf } from './service.ts'
import { STATIC_FILES } from './static-files.ts'

/** Seconds in a year, the longest time that caches keep a response. */
const YEAR = 31_536_000

/** Each page loads the files, so they would use up a client's other requests. */
const CONFIG = {
  cache: { public: true, maxAge: YEAR, immutable: true },
  rateLimit: 'assets',
} as const

const routes: FastifyPluginAsyncTypebox = async (app) => {
  for (const file of STATIC_FILES) {
    const options = { schema: readStaticFile(file), config: CONFIG }
    app.get(file.route, options, async ({ params }, reply) => {
      // During an update, a page of another release requests this file with another digest. Such a response must not
      // be cached.
      if (params.digest !== file.digest) reply.header('cache-control', NO_STORE)
      reply.header('etag', `"${file.digest}"`)
      return file.content
    })
  }
  // The pages show the document of the OpenAPI plugin, which is optional.
  if (!app.hasDecorator('openApiDocument')) return

  app.get(REFERENCE_PATH, { schema: listOperations }, async (request, reply) =>
    sendPage(reply, renderIndex(serviceOf(request))),
  )
  const path = `${REFERENCE_PATH}/:operationId` as const
  const config = { notFuzzed: 'generated ids are not those of operations' }
  app.get(path, { schema: readOperation, config }, async (request, reply) => {
    const service = serviceOf(request)
    const { operationId } = request.params
    const operation = existing(service.operations.find(({ id }) => id === operationId))
    return sendPage(reply, renderOperation(operation, service))
  })
}
export default routes

function sendPage(reply: FastifyReply, page: string): string {
  reply.headers({ ...PAGE_FIELDS, etag: `"${hash('sha256', page, 'base64url')}"` })
  return page
}

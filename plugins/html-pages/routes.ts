/** Routes of the API console, and of the files that the console and the pages load. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyContextConfig } from 'fastify'
import { NO_STORE } from '../../src/http/cache-policy.ts'
import { publicPath } from '../../src/http/request-target.ts'
import { prepareConsole } from './console.ts'
import { readConsole, readStaticFile } from './schema.ts'
import { CONSOLE_FILES, PAGE_FILES, type StaticFile } from './static-files.ts'

/** Seconds in a year, the longest time that caches keep a response. */
const YEAR = 31_536_000

const IMMUTABLE = { public: true, maxAge: YEAR, immutable: true }

const routes: FastifyPluginAsyncTypebox = async (app) => {
  // The console shows the document of the OpenAPI plugin, which is optional.
  const hasConsole = app.hasDecorator('openApiDocument')
  for (const file of hasConsole ? [...PAGE_FILES, ...CONSOLE_FILES] : PAGE_FILES) {
    const options = { schema: readStaticFile(file), config: configOf(file) }
    app.get(file.route, options, async ({ params }, reply) => {
      // During an update, a page of another release requests this file with another digest. Such a response must not
      // be cached.
      if (params.digest !== file.digest) reply.header('cache-control', NO_STORE)
      reply.header('etag', `"${file.digest}"`)
      return file.read()
    })
  }
  if (!hasConsole) return

  let page: Awaited<ReturnType<typeof prepareConsole>> | undefined
  app.get('/docs', { schema: readConsole }, async (request, reply) => {
    page ??= await prepareConsole()
    reply.header('content-security-policy', page.policy)
    return page.render(publicPath(request, ''))
  })
}
export default routes

function configOf({ route, rateLimit }: StaticFile): FastifyContextConfig {
  const isLarge = route.startsWith('/docs/')
  return {
    cache: IMMUTABLE,
    ...(rateLimit && { rateLimit }),
    ...(isLarge && { notFuzzed: 'the file is large and takes long to send' }),
  }
}

/** Routes of the API console, and of the files that the console and the pages load. */
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyContextConfig } from 'fastify'
import { renderConsole } from './console.ts'
import { readConsole, readStaticFile } from './schema.ts'
import { CONSOLE_FILES, PAGE_FILES, type StaticFile } from './static-files.ts'

const IMMUTABLE = 'public, max-age=31536000, immutable'

const routes: FastifyPluginAsyncTypebox = async (app) => {
  // The console shows the document of the OpenAPI plugin, which is optional.
  const hasConsole = app.hasDecorator('openApiDocument')
  for (const file of hasConsole ? [...PAGE_FILES, ...CONSOLE_FILES] : PAGE_FILES) {
    const options = { schema: readStaticFile(file), config: configOf(file) }
    app.get(file.route, options, async ({ params }, reply) => {
      reply.headers({
        // During an update, a page of another release requests this file with another digest. Such a response must not
        // be cached.
        'cache-control': params.digest === file.digest ? IMMUTABLE : 'no-store',
        etag: `"${file.digest}"`,
      })
      return file.read()
    })
  }
  if (!hasConsole) return

  let page: Awaited<ReturnType<typeof renderConsole>> | undefined
  app.get('/docs', { schema: readConsole }, async (_request, reply) => {
    page ??= await renderConsole()
    return reply.header('content-security-policy', page.policy).send(page.html)
  })
}
export default routes

function configOf({ rateLimit }: StaticFile): FastifyContextConfig {
  return rateLimit === false ? { rateLimit } : {}
}

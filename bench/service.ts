/**
 * Starts the service for the benchmarks, with two more routes, which validate and serialize without a database.
 *
 * The environment variable WITHOUT names a plugin whose hooks are removed, so that their cost can be measured.
 */
import { Type } from 'typebox'
import '../src/v8-settings.js'
import { removeHooks } from './without.ts'

const { buildApp } = await import('../src/app.ts')
const { parseConfig } = await import('../src/config.ts')
const { Article, NewArticle } = await import('../routes/articles/schema.ts')
const { dataResponse, problemResponses } = await import('../src/schemas/responses.ts')
const { createArticleStore } = await import('../routes/articles/store.ts')

const config = parseConfig(process.env)
const app = await buildApp(config)
if (process.env.WITHOUT) removeHooks(app, process.env.WITHOUT)

app.post('/drafts', {
  schema: {
    body: NewArticle,
    response: { 200: dataResponse('The draft', NewArticle), ...problemResponses(400) },
  },
  handler: async ({ body }) => body,
})

const { article, ...version } = (await app.store(createArticleStore).find(123)) ?? {}
app.get('/memory/:articleId', {
  schema: {
    params: Type.Object({ articleId: Type.Integer() }),
    response: { 200: dataResponse('The article', Article), ...problemResponses(400) },
  },
  handler: async (_request, reply) => reply.version(version as { version: string }).send(article),
})

await app.listen({ host: config.server.host, port: config.server.port })
process.on('SIGTERM', () => app.drain().then(() => process.exit()))

/**
 * The service, as the benchmarks run it: what `npm start` serves, and two routes for work that its own
 * routes do not have.
 *
 * WITHOUT names a plugin to leave out, to find out what it costs.
 */
import { Type } from 'typebox'
import { buildApp } from '../src/app.ts'
import { parseConfig } from '../src/config.ts'
import { Article, NewArticle } from '../src/schemas/article.ts'
import { data, problems } from '../src/schemas/responses.ts'
import { createArticleStore } from '../src/storage/articles.ts'

const config = parseConfig(process.env)
const app = await buildApp(config)

app.post('/drafts', {
  schema: { body: NewArticle, response: { 200: data('The draft', NewArticle), ...problems(400) } },
  handler: async ({ body }) => body,
})

const { article, ...version } = (await app.store(createArticleStore).find(123)) ?? {}
app.get('/memory/:articleId', {
  schema: {
    params: Type.Object({ articleId: Type.Integer() }),
    response: { 200: data('The article', Article), ...problems(400) },
  },
  handler: async (_request, reply) => reply.version(version as { version: string }).send(article),
})

await app.listen({ host: config.HOST, port: config.PORT })
process.on('SIGTERM', () => app.drain().then(() => process.exit()))

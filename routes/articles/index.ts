import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { HttpError } from '../../src/http/http-error.ts'
import { type ArticleParams, listArticles, readArticle } from './schema.ts'

/** How many articles a page holds. */
const PAGE_SIZE = 100

const routes: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/articles', { schema: listArticles }, async (_request, reply) => {
    const url = app.urlFor('listArticles')
    reply.header('link', `<${url}>; rel="first"`)
    return reply.represent({
      'text/plain': `List of ${url}`,
      'application/json': { items: await app.stores.articles.list(PAGE_SIZE) },
    })
  })

  app.get('/articles/:articleId', { schema: readArticle }, async (request, reply) => {
    const article = await app.stores.articles.find(request.params.articleId)
    if (!article) throw new HttpError('NOT_FOUND')
    return reply.represent({
      'text/plain': `You are reading ${article.id}`,
      'application/json': article,
    })
  })
}
export default routes

declare module '../../plugins/routing.ts' {
  interface NamedRoutes {
    listArticles: null
    readArticle: ArticleParams
  }
}

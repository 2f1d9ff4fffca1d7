import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import { existing, HttpError } from '../../src/http/http-error.ts'
import { describePage, readPageRequest } from '../../src/http/pagination.ts'
import { applyPatch, validatePatched } from '../../src/http/patch.ts'
import { isUnchanged, writeExpected } from '../../src/http/preconditions.ts'
import { MAX_CHOSEN_ID } from '../../src/schemas/property-schemas.ts'
import { readSearch } from './filter.ts'
import { READ_ONLY, readNewArticle } from './patched.ts'
import {
  type ArticleParams,
  type ArticleQuery,
  articleList,
  createArticle,
  deleteArticle,
  listArticles,
  type NewArticle,
  patchArticle,
  readArticle,
  replaceArticle,
} from './schema.ts'
import { createArticleStore, type VersionedArticle } from './store.ts'

const routes: FastifyPluginAsyncTypebox = async (app) => {
  const articles = app.store(createArticleStore)
  const mayWrite = app.requireAuth('write')
  const conditional = { onRequest: mayWrite, config: { requiresIfMatch: true } } as const

  app.get('/articles', { schema: listArticles }, async ({ query, headers }, reply) => {
    const { url, items, fields, version } = await readList(query, headers)
    return reply
      .headers(fields)
      .version({ version })
      .represent({ 'text/plain': `List of ${url}`, 'application/json': { items } })
  })

  const creation = { onRequest: mayWrite, config: { currentVersion: () => readList({}) } }
  app.post('/articles', { schema: createArticle, ...creation }, async (request, reply) => {
    const created = await request.idempotent(createArticleStore, (articles) =>
      articles.create(request.body),
    )
    const location = app.urlFor('readArticle', { articleId: created.article.id })
    return represent(reply.code(201).header('location', location), created)
  })

  app.get('/articles/:articleId', { schema: readArticle }, async ({ params }, reply) =>
    represent(reply, await findExisting(params.articleId)),
  )

  app.put(
    '/articles/:articleId',
    { schema: replaceArticle, ...conditional },
    async ({ params: { articleId }, headers, body }, reply) => {
      const written = await writeExpected(
        headers,
        () => articles.find(articleId),
        async (found) => {
          if (found) return replaceChanged(found, body)
          if (articleId > MAX_CHOSEN_ID) throw new HttpError('NOT_FOUND')
          const created = await articles.createAt(articleId, body)
          if (created) reply.code(201).header('location', app.urlFor('readArticle', { articleId }))
          return created
        },
      )
      return represent(reply, written)
    },
  )

  app.patch(
    '/articles/:articleId',
    { schema: patchArticle, ...conditional },
    async ({ params: { articleId }, headers, mediaType, body }, reply) => {
      const patched = await writeExpected(
        headers,
        () => findExisting(articleId),
        async (found) => {
          const result = applyPatch(mediaType, found.article, body)
          const fields = validatePatched(() => readNewArticle(found.article, result))
          return replaceChanged(found, fields)
        },
      )
      return represent(reply, patched)
    },
  )

  app.delete(
    '/articles/:articleId',
    { schema: deleteArticle, ...conditional },
    async ({ params: { articleId }, headers }, reply) => {
      await writeExpected(
        headers,
        () => findExisting(articleId),
        (found) => articles.delete(articleId, found.version),
      )
      return reply.code(204).send()
    },
  )

  async function readList(query: ArticleQuery, headers?: IncomingHttpHeaders) {
    const url = app.urlFor('listArticles')
    const page = await articles.list(
      readPageRequest(articleList, url, query, headers),
      readSearch(query),
    )
    return { url, items: page.items, ...describePage(url, query, page) }
  }

  async function findExisting(id: number) {
    return existing(await articles.find(id))
  }

  async function replaceChanged(found: VersionedArticle, fields: NewArticle) {
    if (isUnchanged(found.article, fields, READ_ONLY)) return found
    return articles.replace(found.article.id, found.version, fields)
  }
}
export default routes

function represent(reply: FastifyReply, { article, ...version }: VersionedArticle) {
  return reply
    .version(version)
    .represent({ 'text/plain': `You are reading ${article.id}`, 'application/json': article })
}

declare module '../../plugins/routing/index.ts' {
  interface NamedRoutes {
    listArticles: null
    readArticle: ArticleParams
  }
}

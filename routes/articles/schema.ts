import { type Static, Type } from 'typebox'
import { patchContent } from '../../src/http/patch.ts'
import { Article, ArticleSummary, NewArticle } from '../../src/schemas/article.ts'
import { listQuery, pageOf } from '../../src/schemas/list.ts'
import { line, resourceId, text } from '../../src/schemas/property-schemas.ts'
import { empty, problems, textOrData, VERSIONED } from '../../src/schemas/responses.ts'

const ArticleParams = Type.Object({ articleId: resourceId('The article', 123) })
export type ArticleParams = Static<typeof ArticleParams>

export const ArticleListQuery = listQuery(['title', 'createdAt', 'updatedAt'], {
  author: Type.Optional(line(100, 'Only the articles that were written by this author')),
  q: Type.Optional(
    text(200, 'Only the articles with all of these words in title, body or author, by id'),
  ),
})

const SHOWN = { fields: VERSIONED, example: 'You are reading 123' }
const theArticle = textOrData('The article', Article, SHOWN)

export const listArticles = {
  operationId: 'listArticles',
  summary: 'List articles',
  querystring: ArticleListQuery,
  response: {
    200: textOrData('A page of articles', pageOf('Articles', ArticleSummary), {
      fields: ['Link'],
      example: 'List of /articles',
    }),
    ...problems(400, 503),
  },
} as const

export const createArticle = {
  operationId: 'createArticle',
  summary: 'Create an article',
  'x-once': true,
  body: NewArticle,
  response: {
    201: theArticle,
    ...problems(400, 401, 403, 409, 413, 415, 422, 503, 507),
  },
} as const

export const readArticle = {
  operationId: 'readArticle',
  summary: 'Read an article',
  params: ArticleParams,
  response: {
    200: theArticle,
    304: empty('The client has this representation'),
    ...problems(400, 404, 412, 503),
  },
} as const

export const replaceArticle = {
  operationId: 'replaceArticle',
  summary: 'Replace an article of the version that If-Match names, or create one',
  params: ArticleParams,
  body: NewArticle,
  response: {
    200: theArticle,
    201: textOrData('The article is new', Article, SHOWN),
    ...problems(400, 401, 403, 404, 412, 413, 415, 428, 503, 507),
  },
} as const

export const patchArticle = {
  operationId: 'patchArticle',
  summary: 'Change an article of the version that If-Match names',
  params: ArticleParams,
  body: { content: patchContent({ title: 'Another title' }) },
  response: {
    200: theArticle,
    ...problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 503, 507),
  },
} as const

export const deleteArticle = {
  operationId: 'deleteArticle',
  summary: 'Delete an article of the version that If-Match names',
  params: ArticleParams,
  response: {
    204: empty('The article is gone'),
    ...problems(400, 401, 403, 404, 412, 413, 415, 428, 503, 507),
  },
} as const

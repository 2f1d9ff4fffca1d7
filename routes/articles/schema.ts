import { type Static, Type } from 'typebox'
import { patchContent } from '../../src/http/patch.ts'
import { listQuery, pageOf } from '../../src/schemas/list.ts'
import { multiLine, resourceId, singleLine, timestamp } from '../../src/schemas/property-schemas.ts'
import {
  noContent,
  problemResponses,
  textOrDataResponse,
  VERSIONED,
} from '../../src/schemas/responses.ts'

const fields = {
  title: singleLine(200, 'What the article is called'),
  body: multiLine(100_000, 'The text of the article'),
  author: singleLine(100, 'Who wrote the article'),
}

const EXAMPLE = {
  title: 'Implementing a RESTful Web API',
  body: 'You are reading 123',
  author: 'Luis Rei',
}

/** What a client says of an article. */
export const NewArticle = Type.Object(fields, {
  title: 'NewArticle',
  examples: [EXAMPLE],
  additionalProperties: false,
})
export type NewArticle = Static<typeof NewArticle>

const { body, ...headline } = fields

const MOMENT = '2012-04-25T16:40:27.000Z'
const { body: _, ...HEADLINE } = EXAMPLE
const SUMMARY = { id: 123, ...HEADLINE, createdAt: MOMENT, updatedAt: MOMENT }

/** An article in a list, without its text: a page of those could be very long. */
export const ArticleSummary = Type.Object(
  {
    id: resourceId('article', 123),
    ...headline,
    createdAt: timestamp('When the article was created'),
    updatedAt: timestamp('When the article was last changed'),
  },
  { title: 'ArticleSummary', examples: [SUMMARY] },
)
export type ArticleSummary = Static<typeof ArticleSummary>

const { id, title, ...rest } = ArticleSummary.properties

export const Article = Type.Object(
  { id, title, body, ...rest },
  { title: 'Article', examples: [{ ...SUMMARY, ...EXAMPLE }] },
)
export type Article = Static<typeof Article>

const ArticleParams = Type.Object({ articleId: resourceId('article', 123) })
export type ArticleParams = Static<typeof ArticleParams>

export const ArticleListQuery = listQuery(['title', 'createdAt', 'updatedAt'], {
  author: Type.Optional(singleLine(100, 'Only the articles that were written by this author')),
  q: Type.Optional(
    multiLine(200, 'Only the articles with all of these words in title, body or author, by id'),
  ),
})

const SHOWN = { fields: VERSIONED, example: 'You are reading 123' }
const theArticle = textOrDataResponse('The article', Article, SHOWN)

export const listArticles = {
  operationId: 'listArticles',
  summary: 'List articles',
  querystring: ArticleListQuery,
  response: {
    200: textOrDataResponse('A page of articles', pageOf('Articles', ArticleSummary), {
      fields: ['Link'],
      example: 'List of /articles',
    }),
    ...problemResponses(400, 503),
  },
} as const

export const createArticle = {
  operationId: 'createArticle',
  summary: 'Create an article',
  'x-idempotency-key': true,
  body: NewArticle,
  response: {
    201: theArticle,
    ...problemResponses(400, 401, 403, 409, 413, 415, 422, 503, 507),
  },
} as const

export const readArticle = {
  operationId: 'readArticle',
  summary: 'Read an article',
  params: ArticleParams,
  response: {
    200: theArticle,
    304: noContent('The client has this representation'),
    ...problemResponses(400, 404, 412, 503),
  },
} as const

export const replaceArticle = {
  operationId: 'replaceArticle',
  summary: 'Replace an article of the version that If-Match names, or create one',
  params: ArticleParams,
  body: NewArticle,
  response: {
    200: theArticle,
    201: textOrDataResponse('The article is new', Article, SHOWN),
    ...problemResponses(400, 401, 403, 404, 412, 413, 415, 428, 503, 507),
  },
} as const

export const patchArticle = {
  operationId: 'patchArticle',
  summary: 'Change an article of the version that If-Match names',
  params: ArticleParams,
  body: { content: patchContent({ title: 'Another title' }) },
  response: {
    200: theArticle,
    ...problemResponses(400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 503, 507),
  },
} as const

export const deleteArticle = {
  operationId: 'deleteArticle',
  summary: 'Delete an article of the version that If-Match names',
  params: ArticleParams,
  response: {
    204: noContent('The article is gone'),
    ...problemResponses(400, 401, 403, 404, 412, 413, 415, 428, 503, 507),
  },
} as const

import { type Static, Type } from 'typebox'
import { patchContent } from '../../src/http/patch.ts'
import { defineList, pageOf } from '../../src/schemas/list.ts'
import { multiLine, resourceId, singleLine, timestamp } from '../../src/schemas/property-schemas.ts'
import {
  noContent,
  PAGED,
  problemResponses,
  textOrDataResponse,
  VERSIONED,
} from '../../src/schemas/responses.ts'

const title = singleLine(200, 'Title of the article')
const body = multiLine(100_000, 'Text of the article')
const author = singleLine(100, 'Author of the article')

const EXAMPLE = {
  title: 'Implementing a RESTful Web API',
  body: 'You are reading 123',
  author: 'Luis Rei',
}
const TIME = '2012-04-25T16:40:27.000Z'
const { body: text, ...HEADLINE } = EXAMPLE
const SUMMARY = { id: 123, ...HEADLINE, createdAt: TIME, updatedAt: TIME }

/** An article without the members that only the service writes. */
export const NewArticle = Type.Object(
  { title, body, author },
  { title: 'NewArticle', examples: [EXAMPLE], additionalProperties: false },
)
export type NewArticle = Static<typeof NewArticle>

/** An article in a list, without the text, which may be long. */
export const ArticleSummary = Type.Object(
  {
    id: resourceId('article', 123),
    title,
    author,
    createdAt: timestamp('Time at which the article was created'),
    updatedAt: timestamp('Time of the last change'),
  },
  { title: 'ArticleSummary', examples: [SUMMARY] },
)
export type ArticleSummary = Static<typeof ArticleSummary>

const { id, createdAt, updatedAt } = ArticleSummary.properties

export const Article = Type.Object(
  { id, title, body, author, createdAt, updatedAt },
  { title: 'Article', examples: [{ ...SUMMARY, body: text }] },
)
export type Article = Static<typeof Article>

export const ArticleParams = Type.Object({ articleId: resourceId('article', 123) })
export type ArticleParams = Static<typeof ArticleParams>

export const articleList = defineList(ArticleSummary, {
  sorts: ['title', 'createdAt', 'updatedAt'],
  filters: { author: 'eq', createdAt: 'range' },
  parameters: {
    q: Type.Optional(
      multiLine(
        200,
        'Only articles with all of these words in title, body or author, sorted by id. The first ' +
          '10,000 different words of an article can be found',
      ),
    ),
  },
})
export type ArticleQuery = Static<typeof articleList.query>

const OPTIONS = { fields: VERSIONED, example: text }
const theArticle = textOrDataResponse('The article', Article, OPTIONS)

export const listArticles = {
  operationId: 'listArticles',
  summary: 'List articles',
  'x-resource': 'Texts with a title and an author',
  querystring: articleList.query,
  response: {
    200: textOrDataResponse('A page of articles', pageOf('Articles', ArticleSummary), {
      fields: PAGED,
      example: 'List of /articles',
    }),
    ...problemResponses(400),
  },
} as const

export const createArticle = {
  operationId: 'createArticle',
  summary: 'Create an article',
  'x-idempotency-key': true,
  body: NewArticle,
  response: { 201: theArticle, ...problemResponses(400) },
} as const

export const readArticle = {
  operationId: 'readArticle',
  summary: 'Read an article',
  params: ArticleParams,
  response: {
    200: theArticle,
    ...problemResponses(400, 404),
  },
} as const

export const replaceArticle = {
  operationId: 'replaceArticle',
  summary: 'Create or replace an article',
  params: ArticleParams,
  body: NewArticle,
  response: {
    200: theArticle,
    201: textOrDataResponse('The article was created', Article, OPTIONS),
    ...problemResponses(400, 404),
  },
} as const

export const patchArticle = {
  operationId: 'patchArticle',
  summary: 'Change an article',
  params: ArticleParams,
  body: { content: patchContent({ title: 'Another title' }) },
  response: { 200: theArticle, ...problemResponses(400, 404, 409, 422) },
} as const

export const deleteArticle = {
  operationId: 'deleteArticle',
  summary: 'Delete an article',
  params: ArticleParams,
  response: { 204: noContent('The article was deleted'), ...problemResponses(400, 404) },
} as const

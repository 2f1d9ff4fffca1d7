import { type Static, Type } from 'typebox'
import { Article } from '../../src/schemas/article.ts'
import { resourceId } from '../../src/schemas/pieces.ts'
import { problems, textOrData } from '../../src/schemas/responses.ts'

const ArticleParams = Type.Object({ articleId: resourceId('The article') })
export type ArticleParams = Static<typeof ArticleParams>

const Articles = Type.Object(
  { items: Type.Array(Article, { description: 'The articles, in the order of their ids' }) },
  { title: 'Articles' },
)

export const listArticles = {
  operationId: 'listArticles',
  summary: 'List articles',
  response: { 200: textOrData('A page of articles', Articles), ...problems() },
} as const

export const readArticle = {
  operationId: 'readArticle',
  summary: 'Read an article',
  params: ArticleParams,
  response: { 200: textOrData('The article', Article), ...problems(400, 404) },
} as const

import { type Static, Type } from 'typebox'
import { line, resourceId, text, timestamp } from './pieces.ts'

const fields = {
  title: line(200, 'What the article is called'),
  body: text(100_000, 'The text of the article'),
  author: line(100, 'Who wrote the article'),
}

/** What a client says of an article. */
export const NewArticle = Type.Object(fields, {
  title: 'NewArticle',
  additionalProperties: false,
})
export type NewArticle = Static<typeof NewArticle>

const { body, ...headline } = fields

/** An article in a list, without its text: a page of those could be very long. */
export const ArticleSummary = Type.Object(
  {
    id: resourceId('The article'),
    ...headline,
    createdAt: timestamp('When the article was created'),
    updatedAt: timestamp('When the article was last changed'),
  },
  { title: 'ArticleSummary' },
)
export type ArticleSummary = Static<typeof ArticleSummary>

const { id, title, ...rest } = ArticleSummary.properties

export const Article = Type.Object({ id, title, body, ...rest }, { title: 'Article' })
export type Article = Static<typeof Article>

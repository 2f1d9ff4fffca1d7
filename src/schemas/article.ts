import { type Static, Type } from 'typebox'
import { multiLine, resourceId, singleLine, timestamp } from './property-schemas.ts'

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
    id: resourceId('The article', 123),
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

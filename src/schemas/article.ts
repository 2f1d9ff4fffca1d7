import { type Static, Type } from 'typebox'
import { resourceId, timestamp } from './pieces.ts'

export const Article = Type.Object(
  {
    id: resourceId('The article'),
    title: Type.String({ description: 'What the article is called' }),
    body: Type.String({ description: 'The text of the article' }),
    author: Type.String({ description: 'Who wrote the article' }),
    createdAt: timestamp('When the article was created'),
    updatedAt: timestamp('When the article was last changed'),
  },
  { title: 'Article' },
)
export type Article = Static<typeof Article>

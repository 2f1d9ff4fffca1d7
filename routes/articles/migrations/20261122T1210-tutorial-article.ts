import type { Kysely } from 'kysely'
import { wordsOf } from '../../../src/storage/words.ts'

export const minVersion = '0.1.0'

/** The table as this migration finds it. */
interface Tables {
  articles: {
    id: number
    title: string
    body: string
    author: string
    created_at: string
    updated_at: string
    words: string
  }
}

/** The tutorial's article. A migration runs once, so it stays deleted if a client deletes it. */
export async function up(db: Kysely<Tables>): Promise<void> {
  const [title, body, author] = [
    'Implementing a RESTful Web API',
    'You are reading 123',
    'Luis Rei',
  ] as const
  // The time in the tutorial's own sample response.
  const written = '2012-04-25T16:40:27.000Z'
  await db
    .insertInto('articles')
    .values({
      id: 123,
      title,
      body,
      author,
      created_at: written,
      updated_at: written,
      words: wordsOf(title, body, author).join(' '),
    })
    .execute()
}

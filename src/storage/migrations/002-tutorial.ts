import type { Kysely } from 'kysely'

/** The tables as this step finds them. */
interface Tables {
  users: { id: number; name: string }
  articles: {
    id: number
    title: string
    body: string
    author: string
    created_at: string
    updated_at: string
  }
}

/** The tutorial's data. A migration runs once, so what is deleted later stays deleted. */
export async function up(db: Kysely<Tables>): Promise<void> {
  await db
    .insertInto('users')
    .values([
      { id: 1, name: 'john' },
      { id: 2, name: 'steve' },
      { id: 3, name: 'bill' },
    ])
    .execute()
  // the moment of the tutorial's own sample reply
  const written = '2012-04-25T16:40:27.000Z'
  await db
    .insertInto('articles')
    .values({
      id: 123,
      title: 'Implementing a RESTful Web API',
      body: 'You are reading 123',
      author: 'Luis Rei',
      created_at: written,
      updated_at: written,
    })
    .execute()
}

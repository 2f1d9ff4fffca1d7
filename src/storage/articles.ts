import type { Selectable } from 'kysely'
import type { Article } from '../schemas/article.ts'
import type { Database, Schema } from './schema.ts'

export function createArticleStore(database: Database) {
  return {
    /** Gives the first articles in the order of their ids, at most `limit`. */
    async list(limit: number): Promise<Article[]> {
      const rows = await database
        .selectFrom('articles')
        .selectAll()
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map(article)
    },

    /** Gives the article with this id, or undefined where there is none. */
    async find(id: number): Promise<Article | undefined> {
      const row = await database
        .selectFrom('articles')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst()
      return row && article(row)
    },
  }
}

function article(row: Selectable<Schema['articles']>): Article {
  const { created_at: createdAt, updated_at: updatedAt, ...rest } = row
  return { ...rest, createdAt, updatedAt }
}

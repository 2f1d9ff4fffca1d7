import type { Selectable } from 'kysely'
import type { Article, NewArticle } from '../schemas/article.ts'
import type { Database, Schema } from './schema.ts'

/** An article, and the version of it that this is. */
export interface VersionedArticle {
  article: Article
  version: number
}

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
      return rows.map((row) => versioned(row).article)
    },

    /** Gives the article with this id, or undefined where there is none. */
    async find(id: number): Promise<VersionedArticle | undefined> {
      const row = await database
        .selectFrom('articles')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst()
      return row && versioned(row)
    },

    /** Adds an article under a new id. */
    async create(fields: NewArticle): Promise<VersionedArticle> {
      const row = await database
        .insertInto('articles')
        .values(newRow(fields))
        .returningAll()
        .executeTakeFirstOrThrow()
      return versioned(row)
    },

    /** Adds an article under this id; gives undefined, and changes nothing, where there is one. */
    async createAt(id: number, fields: NewArticle): Promise<VersionedArticle | undefined> {
      const row = await database
        .insertInto('articles')
        .values({ id, ...newRow(fields) })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .returningAll()
        .executeTakeFirst()
      return row && versioned(row)
    },

    /**
     * Replaces an article that still has this version: the comparison and the change are one
     * statement. Gives undefined, and changes nothing, where it has another version or is gone.
     */
    async replace(
      id: number,
      version: number,
      fields: NewArticle,
    ): Promise<VersionedArticle | undefined> {
      const row = await database
        .updateTable('articles')
        .set({ ...fields, updated_at: new Date().toISOString(), version: version + 1 })
        .where('id', '=', id)
        .where('version', '=', version)
        .returningAll()
        .executeTakeFirst()
      return row && versioned(row)
    },

    /** Deletes an article that still has this version, and says whether it did, as `replace` does. */
    async delete(id: number, version: number): Promise<boolean> {
      const { numDeletedRows } = await database
        .deleteFrom('articles')
        .where('id', '=', id)
        .where('version', '=', version)
        .executeTakeFirst()
      return numDeletedRows > 0n
    },
  }
}

function newRow(fields: NewArticle) {
  const now = new Date().toISOString()
  return { ...fields, created_at: now, updated_at: now }
}

function versioned(row: Selectable<Schema['articles']>): VersionedArticle {
  const { created_at: createdAt, updated_at: updatedAt, version, ...rest } = row
  return { article: { ...rest, createdAt, updatedAt }, version }
}

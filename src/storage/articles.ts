import { randomBytes } from 'node:crypto'
import type { Insertable, Selectable } from 'kysely'
import type { Article, NewArticle } from '../schemas/article.ts'
import type { Access } from './database.ts'
import { type Page, type PageRequest, readPage } from './page.ts'
import type { ArticleRow, Schema } from './schema.ts'
import { wordsOf } from './words.ts'

/** An article, and the version of it that this is. */
export interface VersionedArticle {
  article: Article
  /** Opaque: no other state of this article, nor of another under its id, has the same. */
  version: string
}

const COLUMNS = [
  'id',
  'title',
  'body',
  'author',
  'created_at',
  'updated_at',
  'version',
  'incarnation',
] as const satisfies (keyof ArticleRow)[]

/** What a list of articles is sorted by; the id has no column besides. */
const SORT_COLUMNS = {
  id: undefined,
  title: 'title',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
} as const

export type ArticlePageRequest = PageRequest<keyof typeof SORT_COLUMNS>

/** One or the other: the words are looked for in the order of the ids, whoever wrote them. */
export interface ArticleFilter {
  author?: string | undefined
  words?: string[] | undefined
}

export function createArticleStore({ dialect, reader, write }: Access) {
  /** Gives undefined, and changes nothing, where there is a row with this id. */
  function insert(row: Insertable<Schema['articles']>) {
    return write((writer) =>
      writer
        .insertInto('articles')
        .values(row)
        .onConflict((conflict) => conflict.column('id').doNothing())
        .returning(COLUMNS)
        .executeTakeFirst(),
    )
  }

  return {
    /** Gives a page of the articles that have this author, or hold all of these words. */
    async list(request: ArticlePageRequest, filter: ArticleFilter = {}): Promise<Page<Article>> {
      const { author, words } = filter
      let query = reader.selectFrom('articles').select(COLUMNS)
      if (author !== undefined) query = query.where('author', '=', author)
      if (words) query = dialect.withWords(query, words)
      const id = words ? dialect.searchedId : 'id'
      const page = await readPage(query, { column: SORT_COLUMNS[request.field], id }, request)
      return { ...page, items: page.items.map((row) => versioned(row).article) }
    },

    /** Gives the article with this id, or undefined where there is none. */
    async find(id: number): Promise<VersionedArticle | undefined> {
      const row = await reader
        .selectFrom('articles')
        .select(COLUMNS)
        .where('id', '=', id)
        .executeTakeFirst()
      return row && versioned(row)
    },

    /** Adds an article under a new id. */
    async create(fields: NewArticle): Promise<VersionedArticle> {
      // of what was given an id at this moment by someone else, PostgreSQL may not know yet
      for (;;) {
        const row = await insert(newRow(fields))
        if (row) return versioned(row)
      }
    },

    /** Adds an article under this id; gives undefined, and changes nothing, where there is one. */
    async createAt(id: number, fields: NewArticle): Promise<VersionedArticle | undefined> {
      const row = await insert({ id, ...newRow(fields) })
      return row && versioned(row)
    },

    /**
     * Replaces an article that still has this version: the comparison and the change are one
     * statement. Gives undefined, and changes nothing, where it has another version or is gone.
     */
    async replace(
      id: number,
      version: string,
      fields: NewArticle,
    ): Promise<VersionedArticle | undefined> {
      const row = await write((writer) =>
        writer
          .updateTable('articles')
          .set((row) => ({
            ...columns(fields),
            updated_at: new Date().toISOString(),
            version: row('version', '+', 1),
          }))
          .where((row) => row.and({ id, ...columnsOf(version) }))
          .returning(COLUMNS)
          .executeTakeFirst(),
      )
      return row && versioned(row)
    },

    /** Deletes an article that still has this version, and says whether it did, as `replace` does. */
    async delete(id: number, version: string): Promise<boolean> {
      const { numDeletedRows } = await write((writer) =>
        writer
          .deleteFrom('articles')
          .where((row) => row.and({ id, ...columnsOf(version) }))
          .executeTakeFirst(),
      )
      return numDeletedRows > 0n
    },
  }
}

function columns({ title, body, author }: NewArticle) {
  return { title, body, author, words: wordsOf(title, body, author).join(' ') }
}

function newRow(fields: NewArticle) {
  const now = new Date().toISOString()
  return {
    ...columns(fields),
    created_at: now,
    updated_at: now,
    incarnation: randomBytes(8).toString('hex'),
  }
}

function versioned(row: Selectable<ArticleRow>): VersionedArticle {
  const { created_at, updated_at, version, incarnation, ...rest } = row
  return {
    article: { ...rest, createdAt: created_at, updatedAt: updated_at },
    version: incarnation ? `${version}.${incarnation}` : String(version),
  }
}

/** The columns that a version is made of. */
function columnsOf(text: string) {
  const [version, incarnation = ''] = text.split('.')
  return { version: Number(version), incarnation }
}

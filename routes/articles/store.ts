import type { Generated, Selectable } from 'kysely'
import type { Session } from '../../src/storage/database.ts'
import { createPageReader, type Page, type PageRequest } from '../../src/storage/pagination.ts'
import type { VersionColumns } from '../../src/storage/schema.ts'
import { storedWords, type WordColumns } from '../../src/storage/stored-words.ts'
import { createVersionedRows, type Versioned } from '../../src/storage/versioned-rows.ts'
import type { Article, ArticleSummary, NewArticle } from './schema.ts'

interface ArticleRow {
  id: Generated<number>
  title: string
  body: string
  author: string
  created_at: string
  updated_at: string
}

declare module '../../src/storage/schema.ts' {
  interface Schema {
    articles: ArticleRow & VersionColumns & WordColumns
  }
}

export type VersionedArticle = Versioned<{ article: Article; modifiedAt: string }>

const COLUMNS = ['id', 'title', 'body', 'author', 'created_at', 'updated_at'] as const

const SUMMARY_COLUMNS = [
  'id',
  'title',
  'author',
  'created_at as createdAt',
  'updated_at as updatedAt',
  'revision_nonce as revision',
] as const

/** Columns of the sort fields; undefined for the id. */
const SORT_COLUMNS = {
  id: undefined,
  title: 'title',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
} as const

/** Either an author or words, since the search index has no column for filtering by author. */
export interface ArticleFilter {
  author?: string | undefined
  words?: string[] | undefined
}

export function createArticleStore(session: Session) {
  const { dialect, read, reader } = session
  const summaries = () => reader.selectFrom('articles').select(SUMMARY_COLUMNS)
  const readPage = createPageReader(read, SORT_COLUMNS, {
    all: () => ({ query: summaries() }),
    author: (author) => ({ query: summaries().where('author', '=', author) }),
    words: (search) => ({
      query: dialect.withWords(summaries(), 'articles', search),
      id: dialect.searchedId,
    }),
  })
  const rows = createVersionedRows(
    {
      table: 'articles',
      columns: COLUMNS,
      read: (row) => ({ article: articleOf(row), modifiedAt: row.updated_at }),
    },
    session,
  )
  return {
    ...rows,

    /** Reads a page of all articles, of an author's articles, or of the articles that contain all words. */
    list(
      request: PageRequest<keyof typeof SORT_COLUMNS>,
      { author, words }: ArticleFilter = {},
    ): Promise<Page<ArticleSummary & { revision: string }>> {
      if (words) return readPage(request, 'words', dialect.searchFor(words))
      return readPage(request, 'author', author)
    },

    // Like the functions of `rows`, but with fields of an article instead of columns.
    create: (fields: NewArticle) => rows.create(newRow(fields)),
    createAt: (id: number, fields: NewArticle) => rows.createAt(id, newRow(fields)),
    replace: (id: number, version: string, fields: NewArticle) =>
      rows.replace(id, version, { ...columnsOf(fields), updated_at: new Date().toISOString() }),
  }
}

function columnsOf({ title, body, author }: NewArticle) {
  return { title, body, author, ...storedWords(title, body, author) }
}

function newRow(fields: NewArticle) {
  const now = new Date().toISOString()
  return { ...columnsOf(fields), created_at: now, updated_at: now }
}

function articleOf(row: Pick<Selectable<ArticleRow>, (typeof COLUMNS)[number]>): Article {
  const { id, title, body, author, created_at, updated_at } = row
  return { id, title, author, createdAt: created_at, updatedAt: updated_at, body }
}

import type { Generated, Selectable } from 'kysely'
import type { Session } from '../../src/storage/database.ts'
import type { Page, PageRequest } from '../../src/storage/list.ts'
import { createPageReader } from '../../src/storage/pagination.ts'
import type { VersionColumns } from '../../src/storage/schema.ts'
import { createSearchReader } from '../../src/storage/search-reader.ts'
import { storedWords, type WordColumns } from '../../src/storage/stored-words.ts'
import { createVersionedRows, type Versioned } from '../../src/storage/versioned-rows.ts'
import { type Article, type ArticleSummary, articleList, type NewArticle } from './schema.ts'

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

export function createArticleStore(session: Session) {
  const { reader } = session
  const summaries = () => reader.selectFrom('articles').select(SUMMARY_COLUMNS)
  const readPage = createPageReader(
    { table: 'articles', list: articleList, select: summaries },
    session,
  )
  const readFound = createSearchReader(
    { table: 'articles', list: articleList, select: summaries },
    session,
  )
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

    /** Reads a page of articles, or of the articles that contain all words. */
    list(
      request: PageRequest,
      words?: string[],
    ): Promise<Page<ArticleSummary & { revision: string }>> {
      return words ? readFound(request, words) : readPage(request)
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

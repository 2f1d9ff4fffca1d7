import type { ColumnType, Generated } from 'kysely'

/** Which state of which row this is. */
interface VersionColumns {
  /** Counts the changes, from 1. */
  version: Generated<number>
  /** Random, and new for every row; empty in those from before there was one. */
  incarnation: Generated<string>
}

/** What an article is made of. */
export interface ArticleRow {
  id: Generated<number>
  title: string
  body: string
  author: string
  created_at: string
  updated_at: string
}

/** The tables, as rows are read and written. Times are RFC 3339 text in UTC, which sorts as time does. */
export interface Schema {
  articles: ArticleRow &
    VersionColumns & {
      /** All there are in it, as words.ts gives them, with spaces between them: for the search alone. */
      words: string
    }
  users: VersionColumns & {
    id: Generated<number>
    name: string
  }
  messages: {
    id: Generated<number>
    /** The Content-Type as it was sent, parameters included. */
    media_type: string
    file_name: string | null
    /** In octets. */
    size: number
    /** Of the octets, in lower-case hexadecimal. */
    sha256: string
    bytes: ColumnType<Uint8Array>
    created_at: string
  }
  idempotency_keys: {
    /** Who used which key, for which operation. */
    key: string
    /** Of the request, in lower-case hexadecimal. */
    fingerprint: string
    /** JSON: the database reads nothing of it, and text may hold what its own JSON may not. */
    result: string
    expires_at: string
  }
}

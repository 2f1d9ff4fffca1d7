import type { Generated } from 'kysely'

/** Columns that together identify the version of a row. */
export interface VersionColumns {
  /** Number of the row's changes, from 1. */
  version: Generated<number>
  /** Random text that each change replaces; empty in rows that a migration inserted. */
  revision_nonce: Generated<string>
}

/**
 * Tables and their columns. Each store adds its table by declaration merging. Times are text in UTC (RFC 3339), which
 * sorts by time.
 */
export interface Schema {
  schema_migrations: {
    name: string
    /** SHA-256 of the migration's source file, in hexadecimal. */
    digest: string
    min_version: string
    applied_at: string
  }
}

import type { Generated } from 'kysely'

/** Which state of which row this is. */
export interface VersionColumns {
  /** Counts the changes, from 1. */
  version: Generated<number>
  /** Random, and new for every row; empty in those from before there was one. */
  incarnation: Generated<string>
}

/**
 * The tables, as rows are read and written: every store adds its own. Times are RFC 3339 text in UTC,
 * which sorts as time does.
 */
// biome-ignore lint/suspicious/noEmptyInterface: declarations merge into it
export interface Schema {}

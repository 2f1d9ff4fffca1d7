/**
 * Words that are stored with rows, and their version. A later version of the words fills rows again at the start of
 * the service, in batches. After an interruption, the next start continues with the rows that are left.
 */
import type { Kysely } from 'kysely'
import type { Database } from './database.ts'
import type { Dialect } from './engines/dialect.ts'
import { type IndexedTexts, listMigrations } from './migration-files.ts'
import { WORDS_VERSION, wordsOf } from './words.ts'

/** Columns that are derived from a row's texts. */
export interface WordColumns {
  /** The distinct words of the row, separated by spaces, for the search index. */
  words: string
  words_version: number
}

/** Names of the columns that are derived from a row's texts. */
export const WORD_COLUMNS = ['words', 'words_version']

/** The tables are not known before the migrations have been read. */
// biome-ignore lint/suspicious/noExplicitAny: as in the query builder's own migrations
type AnyTables = Kysely<any>

/** Limits of a batch, so that other writers wait only briefly for the rows that it has changed. */
const BATCH_ROWS = 100
const BATCH_MS = 100

/** Returns the columns of a row that has these texts. */
export function storedWords(...texts: string[]): WordColumns {
  return { words: wordsOf(...texts).join(' '), words_version: WORDS_VERSION }
}

/**
 * Adds the version of the words to a table with words, in a migration that exports `words`. The existing rows are then
 * filled again.
 */
export async function addWordsVersion(
  db: Kysely<unknown>,
  dialect: Dialect,
  table: string,
): Promise<void> {
  await db.schema
    .alterTable(table)
    .addColumn('words_version', dialect.integer, (column) => column.notNull().defaultTo(0))
    .execute()
  const index = `${table}_by_words_version`
  await db.schema.createIndex(index).on(table).column('words_version').execute()
}

/** Returns true if a migrated database has words of an earlier version. */
export async function hasOldWords(db: AnyTables): Promise<boolean> {
  for (const { table } of await listIndexedTexts()) {
    if (await oldRows(db, table).select('id').executeTakeFirst()) return true
  }
  return false
}

/**
 * Fills the rows of a migrated database that have words of an earlier version. Each batch is a transaction under the
 * lock of the migrations, so several processes share the work. Does not change the versions of the rows.
 */
export async function refillWords(database: Database): Promise<void> {
  for (const texts of await listIndexedTexts()) {
    while (await oldRows(database.reader, texts.table).select('id').executeTakeFirst()) {
      await database.transactAlone((writer) => refillBatch(writer, texts))
    }
  }
}

async function refillBatch(db: AnyTables, { table, columns }: IndexedTexts) {
  const rows = await oldRows(db, table)
    .select(['id', ...columns])
    .limit(BATCH_ROWS)
    .execute()
  const end = performance.now() + BATCH_MS
  for (const { id, ...texts } of rows) {
    // Compares the texts, since another process may have changed the row and its words meanwhile.
    await db
      .updateTable(table)
      .set(storedWords(...Object.values(texts).map((text) => text ?? '')))
      .where((row) => row.and({ id, ...texts }))
      .execute()
    if (performance.now() > end) return
  }
}

function oldRows(db: AnyTables, table: string) {
  return db.selectFrom(table).where('words_version', '<', WORDS_VERSION).orderBy('words_version')
}

/** Lists the tables with words. For each table, the latest migration that exports `words` counts. */
async function listIndexedTexts(): Promise<IndexedTexts[]> {
  const declared = (await listMigrations()).flatMap(({ words }) => words ?? [])
  return [...new Map(declared.map((texts) => [texts.table, texts])).values()]
}

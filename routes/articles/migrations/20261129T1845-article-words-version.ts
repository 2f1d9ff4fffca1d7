import type { Kysely } from 'kysely'
import type { Dialect } from '../../../src/storage/engines/dialect.ts'
import { addWordsVersion } from '../../../src/storage/stored-words.ts'

export const minVersion = '0.1.0'

export const words = { table: 'articles', columns: ['title', 'body', 'author'] }

export async function up(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await addWordsVersion(db, dialect, 'articles')
}

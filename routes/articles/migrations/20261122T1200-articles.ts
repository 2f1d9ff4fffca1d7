import type { Kysely } from 'kysely'
import type { Dialect } from '../../../src/storage/engines/dialect.ts'

export const minVersion = '0.1.0'

/** An index for each sort order, with and without the filter. The id makes the order total. */
const INDEXES = [
  ['title', 'id'],
  ['created_at', 'id'],
  ['updated_at', 'id'],
  ['author', 'id'],
  ['author', 'title', 'id'],
  ['author', 'created_at', 'id'],
  ['author', 'updated_at', 'id'],
]

export async function up(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('articles')
    .addColumn('id', dialect.integer, dialect.autoIncrement)
    .addColumn('title', dialect.text, (column) => column.notNull())
    .addColumn('body', dialect.text, (column) => column.notNull())
    .addColumn('author', dialect.text, (column) => column.notNull())
    .addColumn('created_at', dialect.text, (column) => column.notNull())
    .addColumn('updated_at', dialect.text, (column) => column.notNull())
    .addColumn('version', dialect.integer, (column) => column.notNull().defaultTo(1))
    .addColumn('revision_nonce', dialect.text, (column) => column.notNull().defaultTo(''))
    .addColumn('words', dialect.text, (column) => column.notNull().defaultTo(''))
    .execute()
  await dialect.countChosenIds(db, 'articles')
  for (const columns of INDEXES) {
    const name = `articles_by_${columns.join('_')}`
    await db.schema.createIndex(name).on('articles').columns(columns).execute()
  }
  await dialect.indexWords(db, 'articles')
}

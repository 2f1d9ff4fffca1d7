import type { Kysely } from 'kysely'
import type { Dialect } from '../../../src/storage/engines/dialect.ts'

export const minVersion = '0.1.0'

/** An index for each sort order, with and without the filter. The id makes the order total. */
const INDEXES = [
  ['created_at', 'id'],
  ['media_type', 'id'],
  ['media_type', 'created_at', 'id'],
]

export async function up(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('messages')
    .addColumn('id', dialect.integer, dialect.autoIncrement)
    .addColumn('media_type', dialect.text, (column) => column.notNull())
    .addColumn('file_name', dialect.text)
    .addColumn('size', dialect.integer, (column) => column.notNull())
    .addColumn('sha256', dialect.text, (column) => column.notNull())
    .addColumn('bytes', dialect.bytes, (column) => column.notNull())
    .addColumn('created_at', dialect.text, (column) => column.notNull())
    .execute()
  await dialect.countChosenIds(db, 'messages')
  for (const columns of INDEXES) {
    const name = `messages_by_${columns.join('_')}`
    await db.schema.createIndex(name).on('messages').columns(columns).execute()
  }
}

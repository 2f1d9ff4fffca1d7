import type { Kysely } from 'kysely'
import type { Dialect } from '../engines/dialect.ts'

/** The tutorial's resources: articles, users and messages. */
export async function up(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('articles')
    .addColumn('id', dialect.integer, dialect.counted)
    .addColumn('title', dialect.text, (column) => column.notNull())
    .addColumn('body', dialect.text, (column) => column.notNull())
    .addColumn('author', dialect.text, (column) => column.notNull())
    .addColumn('created_at', dialect.text, (column) => column.notNull())
    .addColumn('updated_at', dialect.text, (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('users')
    .addColumn('id', dialect.integer, dialect.counted)
    .addColumn('name', dialect.text, (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('messages')
    .addColumn('id', dialect.integer, dialect.counted)
    .addColumn('media_type', dialect.text, (column) => column.notNull())
    .addColumn('file_name', dialect.text)
    .addColumn('size', dialect.integer, (column) => column.notNull())
    .addColumn('sha256', dialect.text, (column) => column.notNull())
    .addColumn('bytes', dialect.bytes, (column) => column.notNull())
    .addColumn('created_at', dialect.text, (column) => column.notNull())
    .execute()
  for (const table of ['articles', 'users', 'messages']) await dialect.countOn(db, table)
}

import type { Kysely } from 'kysely'
import type { Dialect } from '../engines/dialect.ts'

/**
 * Counts the changes of a row, so that a writer can say which state of it was seen. The incarnation
 * tells a row from one that was deleted and had the same id.
 */
export async function up(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await db.schema
    .alterTable('articles')
    .addColumn('version', dialect.integer, (column) => column.notNull().defaultTo(1))
    .execute()
  await db.schema
    .alterTable('articles')
    .addColumn('incarnation', dialect.text, (column) => column.notNull().defaultTo(''))
    .execute()
}

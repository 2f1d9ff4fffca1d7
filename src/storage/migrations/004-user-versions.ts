import type { Kysely } from 'kysely'
import type { Dialect } from '../engines/dialect.ts'

/** Counts the changes of users too, and tells one from another under its id, as of articles. */
export async function up(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await db.schema
    .alterTable('users')
    .addColumn('version', dialect.integer, (column) => column.notNull().defaultTo(1))
    .execute()
  await db.schema
    .alterTable('users')
    .addColumn('incarnation', dialect.text, (column) => column.notNull().defaultTo(''))
    .execute()
}

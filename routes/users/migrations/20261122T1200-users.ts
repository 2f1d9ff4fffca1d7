import type { Kysely } from 'kysely'
import type { Dialect } from '../../../src/storage/engines/dialect.ts'

export const minVersion = '0.1.0'

export async function up(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('users')
    .addColumn('id', dialect.integer, dialect.autoIncrement)
    .addColumn('name', dialect.text, (column) => column.notNull())
    .addColumn('version', dialect.integer, (column) => column.notNull().defaultTo(1))
    .addColumn('revision_nonce', dialect.text, (column) => column.notNull().defaultTo(''))
    .execute()
  await dialect.countChosenIds(db, 'users')
  // Serves the sort by name and the filter; the id makes the order total.
  await db.schema.createIndex('users_by_name_id').on('users').columns(['name', 'id']).execute()
}

import type { Kysely } from 'kysely'
import type { Dialect } from '../../../src/storage/engines/dialect.ts'

export const minVersion = '0.1.0'

export async function up(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('idempotency_keys')
    .addColumn('key', dialect.text, (column) => column.primaryKey())
    .addColumn('fingerprint', dialect.text, (column) => column.notNull())
    .addColumn('result', dialect.text, (column) => column.notNull())
    .addColumn('expires_at', dialect.text, (column) => column.notNull())
    .execute()
  await db.schema
    .createIndex('idempotency_keys_by_expiry')
    .on('idempotency_keys')
    .column('expires_at')
    .execute()
}

import type { Test } from 'tap'
import type { Database } from '../src/storage/database.ts'
import { migrate } from '../src/storage/migrations.ts'
import { type DatabaseOptions, openDatabase } from '../src/storage/open-database.ts'
import { databaseUrl, TEST_TIMEOUT_MS } from './engines.ts'

/** Records a migration of a later version, which this version cannot run after. */
export const INSERT_LATER_MIGRATION =
  "insert into schema_migrations values ('29990101T0000-later', '', '999.0.0', '')"

/** Records a migration of a removed resource, which this version accepts. */
export const INSERT_REMOVED_MIGRATION =
  "insert into schema_migrations values ('20200101T0000-pets', '', '0.0.1', '')"

/** The reason for which such a database is refused. */
export const LATER_VERSION_NEEDED =
  /needs a later version than \d+\.\d+\.\d+: 29990101T0000-later needs 999\.0\.0$/

/** Opens a database, and closes it with the test. */
export async function open(
  t: Test,
  url: string,
  options: DatabaseOptions = { timeoutMs: TEST_TIMEOUT_MS },
): Promise<Database> {
  const database = await openDatabase(url, options)
  t.teardown(() => database.close())
  return database
}

/** Opens a database with all migrations, and closes it with the test. */
export async function openMigrated(t: Test, url?: string): Promise<Database> {
  const database = await open(t, url ?? (await databaseUrl(t)))
  await migrate(database)
  return database
}

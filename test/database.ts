import type { Test } from 'tap'
import type { Database } from '../src/storage/database.ts'
import { migrate } from '../src/storage/migrations.ts'
import { type DatabaseOptions, openDatabase } from '../src/storage/open-database.ts'
import { databaseUrl, TEST_TIMEOUT_MS } from './engines.ts'

/** Statement that records a migration of a later version, so that this version of the service refuses the database. */
export const INSERT_LATER_MIGRATION =
  "insert into schema_migrations values ('29990101T0000-later', '', '999.0.0', '')"

/** Statement that records a migration of a resource that no longer exists. The service accepts such a database. */
export const INSERT_REMOVED_MIGRATION =
  "insert into schema_migrations values ('20200101T0000-pets', '', '0.0.1', '')"

/** Error message for a database in which INSERT_LATER_MIGRATION was run. */
export const LATER_VERSION_NEEDED =
  /needs version 999\.0\.0 or later, and this is \d+\.\d+\.\d+ \(29990101T0000-later needs 999\.0\.0\): use a later version, or restore/

/** Opens a database, and closes it when the test ends. */
export async function open(
  t: Test,
  url: string,
  options: DatabaseOptions = { timeoutMs: TEST_TIMEOUT_MS },
): Promise<Database> {
  const database = await openDatabase(url, options)
  t.teardown(() => database.close())
  return database
}

/** Opens a database, applies all migrations, and closes the database when the test ends. */
export async function openMigrated(t: Test, url?: string): Promise<Database> {
  const database = await open(t, url ?? (await databaseUrl(t)))
  await migrate(database)
  return database
}

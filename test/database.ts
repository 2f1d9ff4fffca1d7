import type { Test } from 'tap'
import { migrate, openDatabase } from '../src/storage/database.ts'
import type { Database } from '../src/storage/schema.ts'

/** A database with today's schema and the tutorial's data, which closes with the test. */
export async function openMigrated(t: Test, url = 'sqlite::memory:'): Promise<Database> {
  const database = openDatabase(url)
  t.teardown(() => database.destroy())
  await migrate(database)
  return database
}

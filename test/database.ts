import type { Test } from 'tap'
import type { Database } from '../src/storage/database.ts'
import { migrate } from '../src/storage/migrations.ts'
import { type DatabaseOptions, openDatabase } from '../src/storage/open-database.ts'
import { databaseUrl, PATIENCE } from './engines.ts'

/** A database as it is, which closes with the test. */
export async function open(
  t: Test,
  url: string,
  options: DatabaseOptions = { timeout: PATIENCE },
): Promise<Database> {
  const database = await openDatabase(url, options)
  t.teardown(() => database.close())
  return database
}

/** A database with today's schema and the tutorial's data, which closes with the test. */
export async function openMigrated(t: Test, url?: string): Promise<Database> {
  const database = await open(t, url ?? (await databaseUrl(t)))
  await migrate(database)
  return database
}

/** The article that a fresh database holds. */
export const TUTORIAL_ARTICLE = {
  id: 123,
  title: 'Implementing a RESTful Web API',
  body: 'You are reading 123',
  author: 'Luis Rei',
  createdAt: '2012-04-25T16:40:27.000Z',
  updatedAt: '2012-04-25T16:40:27.000Z',
}

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

/** The article that a fresh database holds. */
export const TUTORIAL_ARTICLE = {
  id: 123,
  title: 'Implementing a RESTful Web API',
  body: 'You are reading 123',
  author: 'Luis Rei',
  createdAt: '2012-04-25T16:40:27.000Z',
  updatedAt: '2012-04-25T16:40:27.000Z',
}

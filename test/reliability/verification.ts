import { sql } from 'kysely'
import type { Test } from 'tap'
import { openDatabase } from '../../src/storage/open-database.ts'
import { createClient } from './client.ts'
import { attempt, check, type Entry, settle } from './ledger.ts'

/** How many clients read at once. */
const READERS = 8

/**
 * Holds the service to the ledger: every article is as it was acknowledged, or as was asked for and not
 * answered. Then asks again for what was not answered, so that everything is known.
 */
export async function verify(t: Test, url: string, entries: Entry[]): Promise<void> {
  const problems: string[] = []
  const queue = entries.values()
  const readers = Array.from({ length: READERS }, async () => {
    const { send, close } = createClient(url)
    // the readers share the iterator: each takes the next
    for (const entry of queue) {
      if (entry.path) problems.push(...(await check(send, entry)))
      if (entry.pending) await settle(send, entry, entry.pending)
    }
    close()
  })
  await Promise.all(readers)
  t.same(problems, [], 'what was acknowledged is there')
}

/** Creates again, under their keys, what was created: none of it is made twice. */
export async function repeatCreations(t: Test, url: string, entries: Entry[]): Promise<void> {
  const { send, close } = createClient(url)
  const differing: string[] = []
  for (const entry of entries) {
    const repeated: Entry = { key: entry.key }
    await attempt(send, repeated, { method: 'POST', text: String(entry.first) })
    if (repeated.path !== entry.path) differing.push(entry.key)
  }
  t.same(differing, [], 'a creation that is repeated names the article that it made')
  close()
}

/** Compares the table with the ledger: there is one article for each key whose article is there. */
export async function compareRows(t: Test, url: string, entries: Entry[]): Promise<void> {
  const database = await openDatabase(url)
  t.teardown(() => database.close())
  const rows = await database.reader
    .selectFrom('articles')
    .select('author')
    .where('id', '!=', 123)
    .execute()
  const keys = entries.filter(({ known }) => known).map(({ key }) => key)
  t.same(rows.map(({ author }) => author).sort(), keys.sort(), 'one article for each key')
  if (url.startsWith('sqlite:')) {
    const { rows } = await sql`pragma integrity_check`.execute(database.reader)
    t.same(rows, [{ integrity_check: 'ok' }], 'the file is sound')
  }
}

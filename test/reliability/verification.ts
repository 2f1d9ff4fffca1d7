import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Test } from 'tap'
import { openDatabase } from '../../src/storage/open-database.ts'
import { createClient, type Send } from './client.ts'
import { attempt, check, type Entry, NOTES, settle } from './ledger.ts'

/** Number of clients that read at the same time. */
const READERS = 8

/** Pause after a 503, which is shorter than its Retry-After. */
const PAUSE_MS = 50

/**
 * Repeats requests that get 503, since a 503 says nothing about the data: on a busy machine, requests can take longer
 * than DATABASE_TIMEOUT. If the service does not recover, the test fails at its time limit.
 */
function patiently(send: Send): Send {
  return async (...request) => {
    for (;;) {
      const reply = await send(...request)
      if (reply.status !== 503) return reply
      await delay(PAUSE_MS)
    }
  }
}

/**
 * Compares the notes with their records. A note must have the acknowledged state, or the state after the pending
 * change. Then retries the pending changes, so that the state of every note is certain.
 */
export async function verify(t: Test, url: string, entries: Entry[]): Promise<void> {
  const problems: string[] = []
  const queue = entries.values()
  const readers = Array.from({ length: READERS }, async () => {
    const { send: sendOnce, close } = createClient(url)
    const send = patiently(sendOnce)
    // All readers share this iterator, so that each entry is checked once.
    for (const entry of queue) {
      if (entry.path) problems.push(...(await check(send, entry)))
      if (entry.pending) await settle(send, entry, entry.pending)
    }
    close()
  })
  await Promise.all(readers)
  t.same(problems, [], 'all acknowledged writes are stored')
}

/** Repeats the creations with their Idempotency-Keys. The service must return the note of the first request. */
export async function repeatCreations(t: Test, url: string, entries: Entry[]): Promise<void> {
  const { send, close } = createClient(url)
  const differing: string[] = []
  for (const entry of entries) {
    const { key, collection } = entry
    const repeated: Entry = { key, ...(collection && { collection }) }
    await attempt(send, repeated, { method: 'POST', text: String(entry.firstText) })
    if (repeated.path !== entry.path) differing.push(entry.key)
  }
  t.same(differing, [], 'a repeated creation returns the same Location')
  close()
}

/**
 * Compares the table with the records, and prints the result. The table must have exactly one row for each existing
 * note. Call this after `verify`.
 */
export async function compareRows(
  t: Test,
  url: string,
  entries: Entry[],
  { table } = NOTES,
): Promise<void> {
  const database = await openDatabase(url)
  t.teardown(() => database.close())
  const { rows } = await sql<{ author: string }>`
    select author from ${sql.table(table)} where id <> 123
  `.execute(database.reader)
  const keys = entries.filter(({ acknowledged }) => acknowledged).map(({ key }) => key)
  report(
    t,
    entries,
    rows.map(({ author }) => author),
  )
  t.same(
    rows.map(({ author }) => author).sort(),
    keys.sort(),
    'the table has one row for each existing note',
  )
  if (url.startsWith('sqlite:')) {
    const { rows } = await sql`pragma integrity_check`.execute(database.reader)
    t.same(rows, [{ integrity_check: 'ok' }], 'the database file is intact')
  }
}

/** Prints the acknowledged writes, and the notes that lost one or have rows that no acknowledged write explains. */
function report(t: Test, entries: Entry[], authors: string[]) {
  const stored = new Set(authors)
  const existing = new Set(entries.filter(({ acknowledged }) => acknowledged).map(({ key }) => key))
  const lost = entries.filter(
    ({ key, isLost }) => isLost || (existing.has(key) && !stored.has(key)),
  )
  const expected = authors.filter((author) => existing.has(author))
  const doubled = authors.length - new Set(expected).size
  const writes = entries.reduce((sum, entry) => sum + (entry.writes ?? 0), 0)
  t.comment(`ledger: ${writes} acknowledged writes, ${lost.length} lost, ${doubled} doubled`)
}

import type { Test } from 'tap'
import type { Database } from '../../../src/storage/database.ts'
import { openMigrated } from '../../database.ts'
import { testOnEachEngine } from '../../engines.ts'
import { entryList } from '../../fixtures/resources/entries/schema.ts'
import { createEntryStore } from '../../fixtures/resources/entries/store.ts'
import { noteList } from '../../fixtures/resources/notes/schema.ts'
import { createNoteStore } from '../../fixtures/resources/notes/store.ts'
import { expectIndexed, fillTable, observe, requestsOf, testIndexes } from '../../query-plans.ts'
import '../../fixtures/register.ts'

/** SQL of a text that is one of the samples of requestsOf() in few rows. */
const rare = (every: number) =>
  `case i % ${every} when 0 then 'b' when 1 then 'm' when 2 then 't' else 'x' || i end`

const year = (every: number) => `(2000 + (i / ${every}) % 30) || '-01-01T00:00:00.000Z'`

async function fillEntries(t: Test, database: Database) {
  const columns =
    '(title, author, status, priority, due_at, is_pinned, weight, created_at, revision_nonce)'
  const values = [
    rare(100),
    rare(301),
    rare(203),
    'case when i % 3 = 0 then null else i % 10 end',
    `case when i % 400 = 0 then null else ${year(5)} end`,
    'case when i % 500 = 0 then 1 else i % 7 - 3 end', // also before false and after true
    '(i % 100) / 100.0',
    year(11),
    "''",
  ]
  await fillTable(t, database, 'fixture_entries', columns, values.join(', '))
}

testOnEachEngine('each declared combination of filters and order reads an index', async (t) => {
  const database = await openMigrated(t)
  await fillEntries(t, database)
  const { session, queries } = observe(database)
  const entries = createEntryStore(session)
  for (const request of requestsOf(entryList)) await entries.list(request)
  await expectIndexed(t, database, queries)
})

testOnEachEngine('a count of each combination of filters reads an index', async (t) => {
  const database = await openMigrated(t)
  await fillEntries(t, database)
  const { session, queries } = observe(database)
  const entries = createEntryStore(session)
  for (const request of requestsOf(entryList)) {
    if (!request.from) await entries.list({ ...request, count: 'exact' })
  }
  const counts = queries.filter(({ sql }) => sql.startsWith('select count'))
  t.ok(counts.every(({ sql }) => sql.includes(' limit 10001)')))
  // A count of all rows may read the table itself.
  await expectIndexed(
    t,
    database,
    counts.filter(({ sql }) => sql.includes(' where ')),
  )
})

testIndexes({
  list: noteList,
  table: 'fixture_notes',
  columns: '(title, body, author, updated_at)',
  values: `${rare(100)}, '', ${rare(203)}, ${year(5)}`,
  createStore: createNoteStore,
})

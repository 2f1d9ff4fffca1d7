import type { Test } from 'tap'
import type { Database } from '../../../src/storage/database.ts'
import type { Filters, PageRequest, Total } from '../../../src/storage/list.ts'
import { createPageReader } from '../../../src/storage/pagination.ts'
import { openMigrated } from '../../database.ts'
import { testOnEachEngine } from '../../engines.ts'
import { createEntryStore } from '../../fixtures/resources/entries/store.ts'
import { noteList } from '../../fixtures/resources/notes/schema.ts'
import { fillTable, ROWS } from '../../query-plans.ts'
import '../../fixtures/register.ts'

/** Fills the entries: the statuses of ten of a thousand entries differ, and a third of the priorities is null. */
function fillEntries(t: Test, database: Database) {
  const columns =
    '(title, author, status, priority, due_at, is_pinned, weight, created_at, revision_nonce)'
  const status = "case i % 100 when 0 then 'draft' when 1 then 'done' else 'open' end"
  const values = `'t', 'a', ${status}, case when i % 3 = 0 then null else i % 1000 end, null, i % 2, 0, '2012', ''`
  return fillTable(t, database, 'fixture_entries', columns, values)
}

const FEW: [filters: Filters, sort: string, total: number][] = [
  [{ equal: { status: ['draft'] } }, 'createdAt', ROWS / 100],
  [{ equal: { status: ['draft', 'done'] } }, 'createdAt', ROWS / 50],
  [{ equal: { author: ['a'], status: ['done'] } }, '-createdAt', ROWS / 100],
  [{ equal: { author: ['b'], status: ['done'] } }, 'createdAt', 0],
  [{ equal: {}, range: { field: 'priority', bounds: { lt: 10 } } }, '-priority,title', 134],
  [{ equal: {}, range: { field: 'dueAt', bounds: {} } }, 'dueAt', 0],
]

testOnEachEngine('a count is the number of items on all pages', async (t) => {
  const database = await openMigrated(t)
  await fillEntries(t, database)
  const { list } = createEntryStore(database)
  for (const [filters, sort, total] of FEW) {
    for (const count of ['exact', 'estimated'] as const) {
      const request: PageRequest = { limit: 1, sort, filters, count }
      const { items, next, total: first } = await list(request)
      t.same(first, { value: total, count }, JSON.stringify(filters))
      if (!next || items.length === 0) continue
      const second = await list({ ...request, from: { position: next, isBackwards: false } })
      t.same(second.total, first, 'the position of the page does not matter')
    }
  }
  t.equal((await list({ limit: 1, sort: 'id' })).total, undefined)
})

testOnEachEngine('more than 10,000 items are estimated, or counted no further', async (t) => {
  const database = await openMigrated(t)
  await fillEntries(t, database)
  const { list } = createEntryStore(database)
  const totalOf = async (request: Partial<PageRequest>) =>
    (await list({ limit: 1, sort: 'createdAt', ...request })).total as Total
  const open = { filters: { equal: { status: ['open'] } } }
  for (const request of [{}, open]) {
    t.same(await totalOf({ ...request, count: 'exact' }), { value: 10_000 })
    const { value, count } = await totalOf({ ...request, count: 'estimated' })
    t.equal(count, t.context.isOnPostgres ? 'estimated' : undefined)
    t.ok(t.context.isOnPostgres ? value > 15_000 && value < 25_000 : value === 10_000, { value })
  }
})

testOnEachEngine('a count within another resource has only the items of its scope', async (t) => {
  const database = await openMigrated(t)
  await fillTable(
    t,
    database,
    'fixture_notes',
    '(title, body, author, updated_at)',
    "'', '', i % 4, ''",
  )
  const { reader } = database
  const select = (author: string) =>
    reader.selectFrom('fixture_notes').select(['id', 'title']).where('author', '=', author)
  const source = { table: 'fixture_notes', list: noteList, scope: ['author'], select } as const
  const readPage = createPageReader(source, database)
  const { total } = await readPage({ limit: 1, sort: 'title', count: 'exact' }, '3')
  t.same(total, { value: ROWS / 4, count: 'exact' })
})

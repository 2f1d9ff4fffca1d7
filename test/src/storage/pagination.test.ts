import type { Test } from 'tap'
import type { Database } from '../../../src/storage/database.ts'
import type { Page } from '../../../src/storage/list.ts'
import { createPageReader } from '../../../src/storage/pagination.ts'
import { openMigrated } from '../../database.ts'
import { testOnEachEngine } from '../../engines.ts'
import { noteList } from '../../fixtures/resources/notes/schema.ts'
import { createNoteStore } from '../../fixtures/resources/notes/store.ts'
import '../../fixtures/register.ts'

/** Titles, some of them twice. Their order by code points differs from their alphabetical order. */
const TITLES = ['b', 'a', 'Z', 'é', 'b', '', 'a b', 'a', 'ﬀ', '😀']

/** Opens a store that contains only notes with these titles, by two authors. */
async function openNotes(t: Test) {
  return addNotes(await openMigrated(t))
}

async function addNotes(database: Database) {
  await database.write((writer) => writer.deleteFrom('fixture_notes').execute())
  const store = createNoteStore(database)
  for (const [index, title] of TITLES.entries()) {
    await store.create({ title, body: `body ${index}`, author: index % 3 ? 'Zoë' : 'zoë' })
  }
  return store
}

interface Named {
  id: number
  title: string
}

function byCodePoints(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

/** Returns the ids in the expected order. */
function sorted(items: Named[], { field, isDescending }: (typeof ORDERS)[number]): number[] {
  const ascending = items.toSorted(
    (a, b) => (field === 'title' ? byCodePoints(a.title, b.title) : 0) || a.id - b.id,
  )
  return (isDescending ? ascending.reverse() : ascending).map(({ id }) => id)
}

const ORDERS = [
  { field: 'id', isDescending: false },
  { field: 'id', isDescending: true },
  { field: 'title', isDescending: false },
  { field: 'title', isDescending: true },
  { field: 'updatedAt', isDescending: true },
  { field: 'updatedAt', isDescending: false },
] as const

for (const order of ORDERS) {
  const title = `${order.isDescending ? 'descending' : 'ascending'} ${order.field}`
  const sort = `${order.isDescending ? '-' : ''}${order.field}`

  testOnEachEngine(`pages by ${title} follow each other to the end and back`, async (t) => {
    const store = await openNotes(t)
    const all = await store.list({ sort, limit: 100 })
    const expected = sorted(all.items, order)
    t.same(
      all.items.map(({ id }) => id),
      expected,
    )
    t.notOk(all.previous ?? all.next, 'one page contains all items')

    const pages: Page<Named>[] = []
    for (let next: Page<Named>['next'] | 'first' = 'first'; next; next = pages.at(-1)?.next) {
      const from = next === 'first' ? undefined : { position: next, isBackwards: false }
      pages.push(await store.list({ sort, limit: 4, from }))
    }
    t.same(
      pages.map(({ items }) => items.length),
      [4, 4, 2],
    )
    t.same(
      pages.flatMap(({ items }) => items.map(({ id }) => id)),
      expected,
    )
    t.notOk(pages[0]?.previous, 'the first page has no previous page')

    const last = pages.at(-1)?.previous
    t.ok(last)
    if (!last) return
    const middle = await store.list({
      sort,
      limit: 4,
      from: { position: last, isBackwards: true },
    })
    t.same(middle, pages[1], 'the page before the last is the same in both directions')
    const { previous: first } = middle
    if (!first) return
    const beginning = await store.list({
      sort,
      limit: 9,
      from: { position: first, isBackwards: true },
    })
    t.same(beginning.items, pages[0]?.items)
    t.same(beginning.next, pages[0]?.next)
    t.equal(beginning.previous, undefined, 'the page at the beginning has no previous page')
  })
}

testOnEachEngine('a new item before a page does not change the page', async (t) => {
  const store = await openNotes(t)
  const request = { sort: 'title', limit: 3 } as const
  const { next } = await store.list(request)
  if (!next) throw new Error('the first page has no next page')
  const from = { position: next, isBackwards: false }
  const before = await store.list({ ...request, from })
  await store.create({ title: '', body: '', author: 'Zoë' })
  t.same(await store.list({ ...request, from }), before)
})

testOnEachEngine('a position beyond the ends of a list returns an empty page', async (t) => {
  const store = await openNotes(t)
  const request = { sort: 'id', limit: 3 } as const
  const after = await store.list({ ...request, from: { position: [10 ** 12], isBackwards: false } })
  t.same(after, { items: [], previous: undefined, next: undefined })
  const before = await store.list({ ...request, from: { position: [0], isBackwards: true } })
  t.same(before, { items: [], previous: undefined, next: undefined })
})

testOnEachEngine('a filter matches one author exactly', async (t) => {
  const store = await openNotes(t)
  for (const sort of ['id', 'title', 'updatedAt']) {
    const page = await store.list({ sort, limit: 100, filters: { equal: { author: ['zoë'] } } })
    t.same(page.items.map(({ id }) => id - 124).sort(), [0, 3, 6, 9])
    t.ok(page.items.every(({ author }) => author === 'zoë'))
  }
})

const LIST_OF_NOTES = { table: 'fixture_notes', list: noteList, scope: ['author'] } as const

testOnEachEngine('a list within another resource has only the items of its scope', async (t) => {
  const database = await openMigrated(t)
  await addNotes(database)
  const { reader } = database
  const notesOf = (author: string) =>
    reader
      .selectFrom('fixture_notes')
      .select(['id', 'title', 'updated_at as updatedAt'])
      .where('author', '=', author)
  const readPage = createPageReader({ ...LIST_OF_NOTES, select: notesOf }, database)
  const request = { sort: 'title', limit: 2 }
  const titlesOf = ({ items }: Page<Named>) => items.map(({ title }) => title)
  const first = await readPage(request, 'zoë')
  t.same(titlesOf(first), ['a b', 'b'])
  t.same(titlesOf(await readPage(request, 'Zoë')), ['', 'Z'])
  if (!first.next) throw new Error('the first page has no next page')
  const from = { position: first.next, isBackwards: false }
  t.same(titlesOf(await readPage({ ...request, from }, 'zoë')), ['é', '😀'])
})

testOnEachEngine('the query of a list can compare columns with constants', async (t) => {
  const database = await openMigrated(t)
  await addNotes(database)
  const { reader } = database
  const select = () =>
    reader
      .selectFrom('fixture_notes')
      .select(['id', 'title', 'updated_at as updatedAt'])
      .where('author', '=', 'zoë')
  const readPage = createPageReader({ ...LIST_OF_NOTES, select }, database)
  const { items } = await readPage({ sort: '-title', limit: 3 })
  t.same(
    items.map(({ title }) => title),
    ['😀', 'é', 'b'],
  )
})

testOnEachEngine('a page of an order or filters that are not declared is an error', async (t) => {
  const store = await openNotes(t)
  await t.rejects(store.list({ sort: 'body', limit: 1 }), {
    message: 'the list does not declare the order body',
  })
  const filters = { equal: { title: ['a'] } }
  await t.rejects(store.list({ sort: 'id', limit: 1, filters }), {
    message: 'the list of fixture_notes does not declare id with [title]',
  })
})

import type { Test } from 'tap'
import { type ArticlePageRequest, createArticleStore } from '../../../routes/articles/store.ts'
import { createMessageStore } from '../../../routes/messages/store.ts'
import { createUserStore } from '../../../routes/users/store.ts'
import type { Page } from '../../../src/storage/pagination.ts'
import { openMigrated } from '../../database.ts'
import { testOnEachEngine } from '../../engines.ts'

/** Titles that occur twice, and sort otherwise by letters than by code points. */
const TITLES = ['b', 'a', 'Z', 'é', 'b', '', 'a b', 'a', 'ﬀ', '😀']

/** A store of articles with these titles, by two authors, and no others. */
async function openArticles(t: Test) {
  const database = await openMigrated(t)
  await database.write((writer) => writer.deleteFrom('articles').execute())
  const store = createArticleStore(database)
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

/** The order in which a list should be. */
function sorted(
  items: Named[],
  { field, isDescending }: Pick<ArticlePageRequest, 'field' | 'isDescending'>,
): number[] {
  const rising = items.toSorted(
    (a, b) => (field === 'title' ? byCodePoints(a.title, b.title) : 0) || a.id - b.id,
  )
  return (isDescending ? rising.reverse() : rising).map(({ id }) => id)
}

const ORDERS = [
  { field: 'id', isDescending: false },
  { field: 'id', isDescending: true },
  { field: 'title', isDescending: false },
  { field: 'title', isDescending: true },
  { field: 'createdAt', isDescending: true },
  { field: 'updatedAt', isDescending: false },
] as const

for (const order of ORDERS) {
  const title = `${order.isDescending ? 'falling' : 'rising'} ${order.field}`

  testOnEachEngine(
    `pages follow each other in the order of ${title}, to the end and back`,
    async (t) => {
      const store = await openArticles(t)
      const all = await store.list({ ...order, limit: 100 })
      const expected = sorted(all.items, order)
      t.same(
        all.items.map(({ id }) => id),
        expected,
      )
      t.notOk(all.previous ?? all.next, 'all of it is a page of its own')

      const pages: Page<Named>[] = []
      for (let next: Page<Named>['next'] | 'first' = 'first'; next; next = pages.at(-1)?.next) {
        const from = next === 'first' ? undefined : { position: next, isBackwards: false }
        pages.push(await store.list({ ...order, limit: 4, from }))
      }
      t.same(
        pages.map(({ items }) => items.length),
        [4, 4, 2],
      )
      t.same(
        pages.flatMap(({ items }) => items.map(({ id }) => id)),
        expected,
      )
      t.notOk(pages[0]?.previous, 'nothing is before the first')

      const last = pages.at(-1)?.previous
      t.ok(last)
      if (!last) return
      const middle = await store.list({
        ...order,
        limit: 4,
        from: { position: last, isBackwards: true },
      })
      t.same(middle, pages[1], 'back is the same page')
      const { previous: first } = middle
      if (!first) return
      const beginning = await store.list({
        ...order,
        limit: 9,
        from: { position: first, isBackwards: true },
      })
      t.same(beginning.items, pages[0]?.items)
      t.same(beginning.next, pages[0]?.next)
      t.equal(beginning.previous, undefined, 'nothing is before it')
    },
  )
}

testOnEachEngine('what comes in between moves no page', async (t) => {
  const store = await openArticles(t)
  const request = { field: 'title', isDescending: false, limit: 3 } as const
  const { next } = await store.list(request)
  if (!next) throw new Error('there is a next page')
  const from = { position: next, isBackwards: false }
  const before = await store.list({ ...request, from })
  await store.create({ title: '', body: '', author: 'Zoë' })
  t.same(await store.list({ ...request, from }), before)
})

testOnEachEngine('a position beyond the ends gives an empty page', async (t) => {
  const store = await openArticles(t)
  const request = { field: 'id', isDescending: false, limit: 3 } as const
  const after = await store.list({ ...request, from: { position: [10 ** 12], isBackwards: false } })
  t.same(after, { items: [], previous: undefined, next: undefined })
  const before = await store.list({ ...request, from: { position: [0], isBackwards: true } })
  t.same(before, { items: [], previous: undefined, next: undefined })
})

testOnEachEngine('a filter keeps to one author, exactly', async (t) => {
  const store = await openArticles(t)
  for (const field of ['id', 'title', 'createdAt', 'updatedAt'] as const) {
    const page = await store.list({ field, isDescending: false, limit: 100 }, { author: 'zoë' })
    t.same(page.items.map(({ id }) => id - 124).sort(), [0, 3, 6, 9])
    t.ok(page.items.every(({ author }) => author === 'zoë'))
  }
})

testOnEachEngine('users are listed by id or name, or all of one name', async (t) => {
  const database = await openMigrated(t)
  const users = createUserStore(database)
  await database.write((writer) => writer.insertInto('users').values({ name: 'john' }).execute())
  const names = async (...parameters: Parameters<typeof users.list>) =>
    (await users.list(...parameters)).items.map(({ id, name }) => `${id} ${name}`)
  const request = { limit: 10, isDescending: true }
  t.same(await names({ ...request, field: 'id' }), ['4 john', '3 bill', '2 steve', '1 john'])
  t.same(await names({ ...request, field: 'name' }), ['2 steve', '4 john', '1 john', '3 bill'])
  t.same(await names({ ...request, field: 'name' }, 'john'), ['4 john', '1 john'])
  t.same(await names({ ...request, field: 'id' }, 'nobody'), [])
})

testOnEachEngine(
  'messages are listed without their octets, or all of one media type',
  async (t) => {
    const messages = createMessageStore(await openMigrated(t))
    const bytes = Buffer.from('a')
    const text = await messages.create({ mediaType: 'text/plain', fileName: null, bytes })
    const image = await messages.create({ mediaType: 'image/png', fileName: 'a.png', bytes })
    for (const field of ['id', 'createdAt'] as const) {
      const request = { field, limit: 10, isDescending: true }
      t.strictSame((await messages.list(request)).items, [image, text])
      t.strictSame((await messages.list(request, 'text/plain')).items, [text])
    }
  },
)

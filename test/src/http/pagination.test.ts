import t from 'tap'
import { Type } from 'typebox'
import { encodeCursor } from '../../../src/http/cursor.ts'
import {
  describePage,
  type PageQuery,
  readPageRequest,
  writePageLinks,
} from '../../../src/http/pagination.ts'
import { defineList } from '../../../src/schemas/list.ts'

const URL = '/articles'

const LIST = defineList(
  Type.Object({ title: Type.String(), a: Type.String(), author: Type.String() }),
  {
    sorts: ['title'],
    filters: { a: 'eq', author: 'eq' },
  },
)

/** Returns the query parameters of each link by its relation. */
function linksOf(field: string): Record<string, PageQuery> {
  const links = [...field.matchAll(/<([^>]*)>; rel="(\w+)"(?:, |$)/g)]
  return Object.fromEntries(
    links.map(([, url = '', relation = '']) => {
      const [path, query] = url.split('?')
      t.equal(path, URL)
      return [relation, Object.fromEntries(new URLSearchParams(query))]
    }),
  )
}

t.test('a query without parameters requests the first page, sorted by id', async (t) => {
  t.same(readPageRequest(LIST, URL, {}), { limit: 20, sort: 'id', filters: undefined })
})

t.test('readPageRequest() ignores absent filters and other parameters', async (t) => {
  const { filters } = readPageRequest(LIST, URL, { a: 'x', author: undefined, q: 'words' })
  t.same(filters, { equal: { a: ['x'] } })
})

t.test('readPageRequest() reads the sort order and the limit', async (t) => {
  t.match(readPageRequest(LIST, URL, { limit: 5, sort: 'title' }), { limit: 5, sort: 'title' })
  t.match(readPageRequest(LIST, URL, { sort: '-title' }), { sort: '-title' })
})

t.test('writePageLinks() writes links to the first, previous and next page', async (t) => {
  const query = { limit: 2, sort: '-title', author: 'Zoë & "Co"' }
  const links = linksOf(writePageLinks(URL, query, { previous: ['b', 3], next: ['a', 1] }))
  const { after, ...next } = links.next ?? {}
  const { before, ...previous } = links.prev ?? {}
  for (const rest of [links.first, next, previous]) t.same(rest, { ...query, limit: '2' })
  t.match(readPageRequest(LIST, URL, { ...query, after: String(after) }), {
    from: { position: ['a', 1], isBackwards: false },
  })
  t.match(readPageRequest(LIST, URL, { ...query, before: String(before) }), {
    from: { position: ['b', 3], isBackwards: true },
  })
})

t.test(
  'writePageLinks() writes only a link to the first page if there is only one page',
  async (t) => {
    t.equal(writePageLinks(URL, {}, {}), '</articles>; rel="first"')
    const { first } = linksOf(writePageLinks(URL, { after: 'x', limit: 1 }, {}))
    t.same(first, { limit: '1' })
  },
)

t.test('describePage() returns another version if an item or a link differs', async (t) => {
  const pages = [
    { items: [{ id: 1, revision: 'a' }] },
    { items: [{ id: 1, revision: 'b' }] },
    { items: [{ id: 2, revision: 'a' }] },
    { items: [{ id: 1, revision: 'a' }], next: [1] as [number] },
    { items: [] },
  ]
  const described = pages.map((page) => describePage(URL, {}, page))
  t.equal(new Set(described.map(({ version }) => version)).size, pages.length)
  t.match(described[3], { fields: { link: /rel="next"/ }, version: /^[0-9a-f]{32}$/ })
  t.strictSame(described[0], describePage(URL, {}, { items: [{ id: 1, revision: 'a' }] }))
})

t.test('a cursor is valid with another limit', async (t) => {
  const { next } = linksOf(writePageLinks(URL, { limit: 2 }, { next: [7] }))
  t.match(readPageRequest(LIST, URL, { limit: 50, after: String(next?.after) }), {
    limit: 50,
    from: { position: [7] },
  })
})

const CURSOR = String(
  linksOf(writePageLinks(URL, { sort: 'title', a: '1' }, { next: ['a', 1] })).next?.after,
)

t.test('a cursor is valid for the list with the same path, order and filters', async (t) => {
  t.ok(readPageRequest(LIST, URL, { a: '1', sort: 'title', after: CURSOR }).from)
})

const REFUSED: [title: string, url: string, query: PageQuery, name: string, message: string][] = [
  [
    'of another path',
    '/users',
    { sort: 'title', a: '1' },
    'after',
    'must be a cursor from a link of this list',
  ],
  [
    'of another order',
    URL,
    { sort: '-title', a: '1' },
    'after',
    'must be a cursor from a link of this list',
  ],
  [
    'of another filter',
    URL,
    { sort: 'title', a: '2' },
    'after',
    'must be a cursor from a link of this list',
  ],
  [
    'of a filtered list',
    URL,
    { sort: 'title' },
    'after',
    'must be a cursor from a link of this list',
  ],
  [
    'together with a second cursor',
    URL,
    { sort: 'title', a: '1', before: CURSOR },
    'before',
    'cannot be combined with /after',
  ],
]

for (const [title, url, query, name, message] of REFUSED) {
  t.test(`readPageRequest() throws 400 for a cursor ${title}`, async (t) => {
    t.throws(() => readPageRequest(LIST, url, { ...query, after: CURSOR }), {
      statusCode: 400,
      message: `querystring/${name} ${message}`,
      violations: [{ in: 'querystring', pointer: `/${name}`, message }],
    })
  })
}

t.test(
  'readPageRequest() throws 400 for a forged cursor with too many or too few values',
  async (t) => {
    const byId = encodeCursor(JSON.stringify([URL, 'id', []]), ['a', 1])
    t.throws(() => readPageRequest(LIST, URL, { before: byId }), {
      message: /before must be a cursor/,
    })
    const byTitle = encodeCursor(JSON.stringify([URL, 'title', []]), [1])
    t.throws(() => readPageRequest(LIST, URL, { sort: 'title', before: byTitle }), {
      message: /before must be a cursor/,
    })
  },
)

t.test('readPageRequest() throws 400 for a range without a filter that it requires', async (t) => {
  const list = defineList(Type.Object({ title: Type.String(), author: Type.String() }), {
    sorts: ['title'],
    filters: { author: 'eq', title: 'range' },
    combinations: [
      { filters: [], sorts: ['id'] },
      { filters: ['author'], sorts: ['title'] },
    ],
  })
  const range = { 'title[gt]': 'a' }
  const withAuthor = readPageRequest(list, URL, { ...range, author: 'b' })
  t.match(withAuthor, { sort: 'title', filters: { range: { bounds: { gt: 'a' } } } })
  t.throws(() => readPageRequest(list, URL, range), {
    message: 'querystring/title[gt] requires other filters',
  })
})

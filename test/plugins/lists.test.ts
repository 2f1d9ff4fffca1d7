import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { Type } from 'typebox'
import { defineList } from '../../src/schemas/list.ts'
import type { Session } from '../../src/storage/database.ts'
import { createPageReader } from '../../src/storage/pagination.ts'
import { build, expectReply, write } from '../app.ts'
import { testOnEachEngine } from '../engines.ts'
import { expectRefusal, linkOf } from '../list-checks.ts'
import '../fixtures/register.ts'

const JSON_ONLY = { accept: 'application/json' }

const ENTRY = {
  title: 'a',
  author: 'Zoë',
  status: 'open',
  priority: 1,
  dueAt: '2026-01-01T00:00:00.000Z',
  isPinned: false,
  weight: 1.5,
  createdAt: '2026-01-01T00:00:00.000Z',
}

/** Adds an entry for each object, with the ids 1, 2 and so on. */
async function addEntries(app: FastifyInstance, ...entries: Partial<typeof ENTRY>[] | object[]) {
  for (const each of entries) {
    await expectReply(t, app, write('POST', '/entries', JSON_ONLY, { ...ENTRY, ...each }), {
      status: 201,
    })
  }
}

const ENTRIES = [
  { title: 'b', dueAt: null, priority: null },
  { title: 'c', status: 'done', dueAt: '2026-03-01T00:00:00.000Z' },
  { title: 'a', status: 'draft', priority: 9, isPinned: true },
  { title: 'd', author: 'Ann', createdAt: '2026-02-01T00:00:00.000Z', priority: 9 },
]

const FOUND: [query: string, ids: number[]][] = [
  ['', [1, 2, 3, 4]],
  ['sort=-id', [4, 3, 2, 1]],
  ['sort=dueAt', [3, 4, 2, 1]],
  ['sort=-dueAt', [1, 2, 4, 3]],
  ['sort=-priority,title', [1, 3, 4, 2]],
  ['sort=priority,-title', [2, 4, 3, 1]],
  ['status=open', [1, 4]],
  ['status=open&status=done', [1, 2, 4]],
  ['status=open&status=done&status=open&sort=-id', [4, 2, 1]],
  ['status=done&status=open&author=Zo%C3%AB', [1, 2]],
  ['author=Zo%C3%AB&status=draft&sort=-dueAt', [3]],
  ['isPinned=true', [3]],
  ['isPinned=false&sort=priority,-title', [2, 4, 1]],
  ['isPinned=false&sort=isPinned,-weight', [4, 2, 1]],
  ['dueAt%5Bnull%5D=true', [1]],
  ['dueAt%5Bnull%5D=false', [3, 4, 2]],
  ['dueAt[null]=false&sort=-dueAt', [2, 4, 3]],
  ['dueAt[gte]=2026-02-01T00:00:00Z', [2]],
  ['dueAt=2026-01-01T01:00:00%2B01:00', [3, 4]],
  ['dueAt=2026-01-01T00:00:00.0001Z', []],
  ['createdAt[gt]=2026-01-01T00:00:00Z', [4]],
  ['createdAt[gte]=2026-01-01T00:00:00Z&createdAt[lt]=2026-02-01T00:00:00Z', [1, 2, 3]],
  ['createdAt[gte]=2026-01-01T00:00:00.000001Z', [4]],
  ['createdAt[gt]=2026-01-01T00:00:00.000001Z', [4]],
  ['createdAt[lt]=2026-01-01T00:00:00.000001Z', [1, 2, 3]],
  ['createdAt[lte]=2025-12-31T23:59:59.9999999Z', []],
  ['createdAt[lte]=2026-01-01T00:00:00Z&status=open', [1]],
  ['priority[gte]=2', [3, 4]],
  ['priority[lt]=9', [2]],
]

testOnEachEngine('a list has filters, ranges and orders that can be combined', async (t) => {
  const app = await build(t)
  await addEntries(app, ...ENTRIES)
  for (const [query, ids] of FOUND) {
    const reply = await expectReply(t, app, { url: `/entries?${query}`, headers: JSON_ONLY }, {})
    const found: { id: number }[] = reply.json().items
    t.same(
      found.map(({ id }) => id),
      ids,
      query,
    )
  }
})

testOnEachEngine('the links of a list keep all values of its filters', async (t) => {
  const app = await build(t)
  await addEntries(app, ...ENTRIES)
  const query =
    'status=open&status=done&author=Zo%C3%AB&createdAt%5Bgte%5D=2026-01-01T00%3A00%3A00Z'
  const first = await app.inject({ url: `/entries?limit=1&${query}`, headers: JSON_ONLY })
  t.same(first.json().items[0].id, 1)
  const next = linkOf(first, 'next')
  t.match(next, `${query}&after=`)
  const second = await app.inject({ url: next, headers: JSON_ONLY })
  t.same(second.json().items[0].id, 2)
  const back = await app.inject({ url: linkOf(second, 'prev'), headers: JSON_ONLY })
  t.equal(back.body, first.body)
})

const REFUSED: [query: string, name: string, message: string | RegExp][] = [
  [
    'author=Ann',
    'author',
    'must be part of a combination: status; author and status; dueAt; isPinned',
  ],
  ['isPinned=true&status=open', 'status', /^must be part of a combination/],
  [
    'author=Ann&status=open&sort=id',
    'sort',
    'must be createdAt or dueAt or -createdAt or -dueAt if combined with /author and /status',
  ],
  [
    'createdAt[gt]=2026-01-01T00:00:00Z&sort=dueAt',
    'sort',
    'must be createdAt or -createdAt if combined with /createdAt[gt]',
  ],
  ['priority[gt]=1&isPinned=true&sort=-title', 'sort', /allowed values/],
  [
    'priority[gt]=1&author=Ann&status=open',
    'priority[gt]',
    'cannot be combined with /author and /status',
  ],
  [
    'createdAt[gt]=2026-01-01T00:00:00Z&dueAt[lt]=2026-01-01T00:00:00Z',
    'dueAt[lt]',
    'cannot be combined with /createdAt[gt]',
  ],
  ['priority[gt]=1&priority[gte]=1', 'priority[gte]', 'cannot be combined with /priority[gt]'],
  ['dueAt=2026-01-01T00:00:00Z&dueAt[null]=true', 'dueAt[null]', 'cannot be combined with /dueAt'],
  [
    'dueAt=2026-01-01T00:00:00Z&dueAt[lt]=2026-01-01T00:00:00Z',
    'dueAt',
    'cannot be combined with /dueAt[lt]',
  ],
  ['createdAt[gt]=2026-06-30T23:59:60Z', 'createdAt[gt]', /./],
  [
    'createdAt[gt]=9999-12-31T23:59:59-01:00',
    'createdAt[gt]',
    'must be a time of the years 0 to 9999',
  ],
  ['createdAt[gt]=soon', 'createdAt[gt]', /date-time/],
  ['createdAt[eq]=2026-01-01T00:00:00Z', 'createdAt[eq]', 'is unknown'],
  ['priority[gt]=1.5', 'priority[gt]', /integer/],
  ['dueAt[null]=yes', 'dueAt[null]', /boolean/],
  ['status=other', 'status/0', /./],
  [`status=open${'&status=done'.repeat(10)}`, 'status', /10/],
  ['isPinned=true&isPinned=false', 'isPinned', /boolean/],
  ['sort=priority', 'sort', /-priority,title/],
]

t.test(
  'a list refuses filters that it does not declare, and names those that it does',
  async (t) => {
    const app = await build(t)
    for (const [query, name, message] of REFUSED) {
      await expectRefusal(t, app, `/entries?${query}`, name)
      const { errors } = (await app.inject({ url: `/entries?${query}`, headers: JSON_ONLY })).json()
      t.match(errors[0].message, message, query)
    }
  },
)

t.test(
  'a list refuses cursors of other filters, and forged cursors outside its range',
  async (t) => {
    const app = await build(t)
    await addEntries(app, {}, {})
    const url = '/entries?limit=1&priority[gte]=1'
    const next = new URL(linkOf(await app.inject({ url, headers: JSON_ONLY }), 'next'), 'http://a')
    const after = String(next.searchParams.get('after'))
    t.equal((await app.inject({ url: `${url}&after=${after}` })).statusCode, 200)
    for (const other of [
      'priority[gte]=2',
      'priority[gte]=1&sort=priority,-title',
      'status=open',
    ]) {
      await expectRefusal(t, app, `/entries?${other}&after=${after}`, 'after')
    }
  },
)

const BROKEN = defineList(
  Type.Object({ id: Type.Integer(), weight: Type.Number(), author: Type.String() }),
  { sorts: ['weight'], filters: { author: 'eq' } },
)

testOnEachEngine('the service does not start if a list has no index', async (t) => {
  const app = await build(t)
  await app.register(async (app) => {
    app.store((session: Session) =>
      createPageReader(
        {
          table: 'fixture_entries',
          list: BROKEN,
          select: () => session.reader.selectFrom('fixture_entries').selectAll(),
        },
        session,
      ),
    )
  })
  await t.rejects(async () => app.ready(), {
    message: /createListIndex\(db, dialect, 'fixture_entries', \['author', 'id'\]\)/,
  })
})

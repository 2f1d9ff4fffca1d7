import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { createArticleStore } from '../../../routes/articles/store.ts'
import { AUTHORIZATION, build, expectReply } from '../../app.ts'
import { testOnEachEngine } from '../../engines.ts'
import { expectRefusal, linkOf, testListVersion, testRefusedQueries } from '../../list-checks.ts'

const HEADERS = { accept: 'application/json' }

/** Adds articles with these titles, by Zoë. */
async function addArticles(app: FastifyInstance, ...titles: string[]) {
  for (const title of titles)
    await app.store(createArticleStore).create({ title, body: '', author: 'Zoë' })
}

testOnEachEngine('the links of GET /articles lead from page to page', async (t) => {
  const app = await build(t)
  await addArticles(app, 'c', 'a', 'b', 'b')
  const titlesAt = async (url: string) => {
    const reply = await expectReply(t, app, { url, headers: HEADERS }, {})
    return {
      reply,
      titles: reply
        .json()
        .items.map(({ title }: { title: string }) => title)
        .join(),
    }
  }
  const list = '/articles?author=Zo%C3%AB&sort=-title&limit=2'
  const first = await titlesAt(list)
  t.equal(first.titles, 'c,b')
  t.equal(linkOf(first.reply, 'prev'), '')
  const second = await titlesAt(linkOf(first.reply, 'next'))
  t.equal(second.titles, 'b,a')
  t.equal(linkOf(second.reply, 'next'), '')
  for (const url of [linkOf(second.reply, 'prev'), linkOf(second.reply, 'first')]) {
    t.equal((await titlesAt(url)).titles, 'c,b')
  }
})

testOnEachEngine('GET /articles?q= finds words regardless of case and accents', async (t) => {
  const app = await build(t)
  await addArticles(app, 'Größe', 'Größe und Güte')
  const found = { url: '/articles?q=GUTE+zoe&limit=1', headers: HEADERS }
  const reply = await expectReply(t, app, found, {
    headers: { link: '</articles?q=GUTE+zoe&limit=1>; rel="first"' },
  })
  t.match(reply.json(), { items: [{ title: 'Größe und Güte' }] })
  t.equal(reply.json().items.length, 1)
})

testOnEachEngine(
  'the results of GET /articles?q= can be sorted by id in both directions',
  async (t) => {
    const app = await build(t)
    await addArticles(app, 'word', 'word')
    for (const [sort, ids] of [
      ['id', [124, 125]],
      ['-id', [125, 124]],
    ] as const) {
      const found = await app.inject({ url: `/articles?q=word&sort=${sort}`, headers: HEADERS })
      t.match(found.json(), { items: ids.map((id) => ({ id })) })
    }
  },
)

testRefusedQueries('/articles', [
  ['author=', 'author'],
  ['author=%00', 'author'],
  ['author=a%00b', 'author'],
  [`author=${'a'.repeat(101)}`, 'author'],
  ['q=', 'q'],
  ['q=!%20-', 'q'],
  ['q=a%00b', 'q'],
  [`q=${'a'.repeat(201)}`, 'q'],
  ['q=a&sort=title', 'sort'],
  ['q=a&author=Zoe', 'author'],
])

testOnEachEngine(
  'a cursor is valid only for its list, and `after` and `before` cannot be combined',
  async (t) => {
    const app = await build(t)
    await addArticles(app, 'a', 'b')
    const reply = await app.inject({ url: '/articles?limit=1&sort=title', headers: HEADERS })
    const { searchParams } = new URL(linkOf(reply, 'next'), 'http://localhost')
    const after = String(searchParams.get('after'))
    for (const url of [
      `/articles?after=${after}`,
      `/articles?sort=-title&after=${after}`,
      `/articles?sort=title&author=Zoe&after=${after}`,
      `/messages?after=${after}`,
    ]) {
      await expectRefusal(t, app, url, 'after')
    }
    const both = `/articles?sort=title&after=${after}&before=${after}`
    await expectRefusal(t, app, both, 'before')
  },
)

t.test('OPTIONS /articles lists the methods, and DELETE returns 405', async (t) => {
  const app = await build(t)
  const headers = { allow: 'GET, HEAD, OPTIONS, POST' }
  await expectReply(t, app, { method: 'OPTIONS', url: '/articles' }, { status: 204, headers })
  const remove = {
    method: 'DELETE',
    url: '/articles',
    headers: { authorization: AUTHORIZATION },
  } as const
  await expectReply(t, app, remove, { status: 405 })
})

testListVersion('/articles', { title: 'T', body: 'B', author: 'A' })

import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { createArticleStore } from '../../routes/articles/store.ts'
import { createMessageStore } from '../../routes/messages/store.ts'
import { AUTHORIZATION, build, expectReply } from '../app.ts'
import { testOnEachEngine } from '../engines.ts'

const HEADERS = { accept: 'application/json' }

/** Adds articles with these titles, by Zoë. */
async function addArticles(app: FastifyInstance, ...titles: string[]) {
  for (const title of titles)
    await app.store(createArticleStore).create({ title, body: '', author: 'Zoë' })
}

/** Where a link of a reply leads to. */
function linkOf({ headers }: { headers: object }, relation: string): string {
  const [, url = ''] =
    new RegExp(`<([^>]*)>; rel="${relation}"`).exec(Reflect.get(headers, 'link')) ?? []
  return url
}

testOnEachEngine('GET /articles leads from page to page by its links', async (t) => {
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

testOnEachEngine('GET /articles finds words, without case and accents', async (t) => {
  const app = await build(t)
  await addArticles(app, 'Größe', 'Größe und Güte')
  const found = { url: '/articles?q=GUTE+zoe&limit=1', headers: HEADERS }
  const reply = await expectReply(t, app, found, {
    headers: { link: '</articles?q=GUTE+zoe&limit=1>; rel="first"' },
  })
  t.match(reply.json(), { items: [{ title: 'Größe und Güte' }] })
  t.equal(reply.json().items.length, 1)
})

testOnEachEngine('GET /users gives each as it is by itself', async (t) => {
  const app = await build(t)
  const users = { items: [{ 1: 'john' }, { 2: 'steve' }, { 3: 'bill' }] }
  await expectReply(t, app, { url: '/users' }, { body: users })
  await expectReply(
    t,
    app,
    { url: '/users?sort=name&limit=1' },
    { body: { items: [{ 3: 'bill' }] } },
  )
  await expectReply(t, app, { url: '/users?name=steve' }, { body: { items: [{ 2: 'steve' }] } })
})

testOnEachEngine('GET /messages gives what is known of them', async (t) => {
  const app = await build(t)
  await expectReply(t, app, { url: '/messages' }, { body: { items: [] } })
  const message = { mediaType: 'text/plain', fileName: null, bytes: Buffer.from('hello') }
  const kept = await app.store(createMessageStore).create(message)
  for (const url of ['/messages', '/messages?sort=-createdAt', '/messages?mediaType=text/plain']) {
    await expectReply(t, app, { url }, { body: { items: [kept] } })
  }
  await expectReply(t, app, { url: '/messages?mediaType=text/html' }, { body: { items: [] } })
})

const LISTS = ['/articles', '/users', '/messages']

/** Query parameters that no list takes, and the one that is named. */
const REFUSED: [query: string, name: string][] = [
  ['limit=0', 'limit'],
  ['limit=101', 'limit'],
  ['limit=1e2', 'limit'],
  ['limit=', 'limit'],
  ['limit=-1', 'limit'],
  ['limit=0x10', 'limit'],
  ['limit=10&limit=20', 'limit'],
  ['sort=words', 'sort'],
  ['sort=--id', 'sort'],
  ['sort=', 'sort'],
  ['sort=id,id', 'sort'],
  ['after=', 'after'],
  ['after=abc', 'after'],
  ['after=%00', 'after'],
  [`before=${'A'.repeat(2_001)}`, 'before'],
  ['before=WzEyM10', 'before'],
  ['offset=10', 'offset'],
  ['Limit=10', 'Limit'],
]

for (const [query, name] of REFUSED) {
  t.test(`a list is refused for ?${query.slice(0, 30)}`, async (t) => {
    const app = await build(t)
    for (const list of LISTS) await expectRefusal(t, app, `${list}?${query}`, name)
  })
}

/** The same for parameters of some lists. */
const REFUSED_BY_ONE: [url: string, name: string][] = [
  ['/articles?author=', 'author'],
  ['/articles?author=%00', 'author'],
  ['/articles?author=a%00b', 'author'],
  [`/articles?author=${'a'.repeat(101)}`, 'author'],
  ['/articles?q=', 'q'],
  ['/articles?q=!%20-', 'q'],
  ['/articles?q=a%00b', 'q'],
  [`/articles?q=${'a'.repeat(201)}`, 'q'],
  ['/articles?q=a&sort=title', 'sort'],
  ['/articles?q=a&author=Zoe', 'author'],
  ['/users?name=%00', 'name'],
  ['/users?author=john', 'author'],
  ['/users?sort=title', 'sort'],
  ['/messages?mediaType=%00', 'mediaType'],
  ['/messages?sort=size', 'sort'],
]

for (const [url, name] of REFUSED_BY_ONE) {
  testOnEachEngine(`${url.slice(0, 30)} is refused`, async (t) => {
    await expectRefusal(t, await build(t), url, name)
  })
}

async function expectRefusal(t: Test, app: FastifyInstance, url: string, name: string) {
  const reply = await expectReply(t, app, { url, headers: HEADERS }, { status: 400 })
  t.match(reply.json().errors, [{ in: 'querystring', pointer: `/${name}` }], url)
}

testOnEachEngine('a cursor is of its list alone, and one for both ways is none', async (t) => {
  const app = await build(t)
  await addArticles(app, 'a', 'b')
  const reply = await app.inject({ url: '/articles?limit=1&sort=title', headers: HEADERS })
  const { searchParams } = new URL(linkOf(reply, 'next'), 'http://localhost')
  const after = String(searchParams.get('after'))
  for (const url of [
    `/articles?after=${after}`,
    `/articles?sort=-title&after=${after}`,
    `/articles?sort=title&author=Zoe&after=${after}`,
    `/users?after=${after}`,
  ]) {
    await expectRefusal(t, app, url, 'after')
  }
  const both = `/articles?sort=title&after=${after}&before=${after}`
  await expectRefusal(t, app, both, 'before')
})

testOnEachEngine('a search by id goes both ways', async (t) => {
  const app = await build(t)
  await addArticles(app, 'word', 'word')
  for (const [sort, ids] of [
    ['id', [124, 125]],
    ['-id', [125, 124]],
  ] as const) {
    const found = await app.inject({ url: `/articles?q=word&sort=${sort}`, headers: HEADERS })
    t.match(found.json(), { items: ids.map((id) => ({ id })) })
  }
})

t.test('no list takes a HEAD or an OPTIONS for a write', async (t) => {
  const app = await build(t)
  for (const [url, allow] of [
    ['/articles', 'GET, HEAD, OPTIONS, POST'],
    ['/messages', 'GET, HEAD, OPTIONS, POST'],
  ] as const) {
    await expectReply(t, app, { method: 'OPTIONS', url }, { status: 204, headers: { allow } })
    const remove = { method: 'DELETE', url, headers: { authorization: AUTHORIZATION } } as const
    await expectReply(t, app, remove, { status: 405 })
  }
})

import type { Test } from 'tap'
import { createArticleStore } from '../../../routes/articles/store.ts'
import type { Position } from '../../../src/storage/list.ts'
import { migrate } from '../../../src/storage/migrations.ts'
import { wordsOf } from '../../../src/storage/words.ts'
import { openMigrated } from '../../database.ts'
import { testOnEachEngine } from '../../engines.ts'

const ARTICLES = [
  {
    title: 'Größe & Güte',
    body: 'example.com/path, foo-bar, ブログAPI, ❤\ufe0fNode',
    author: "O'Brien",
  },
  { title: 'common', body: 'e.g. 3.14 or 1e3; half', author: 'Zoë 😀' },
  { title: 'common', body: "it's 東京タワー & 'quoted' | !not", author: 'half' },
]

async function openArticles(t: Test) {
  const store = createArticleStore(await openMigrated(t))
  for (const article of ARTICLES) await store.create(article)
  return store
}

const FOUND: [q: string, ids: number[]][] = [
  ['tutorial', []],
  ['reading', [123]],
  ['luis rei', [123]],
  ['GROSSE gute', [124]],
  ['path', [124]],
  ['bar', [124]],
  ['API', [123, 124]],
  ['ブログ', [124]],
  ['node', [124]],
  ["o'brien", [124]],
  ['common', [125, 126]],
  ['half common', [125, 126]],
  ['common 東', [126]],
  ['京', [126]],
  ['zoe', [125]],
  ['3', [125]],
  ['1e3', [125]],
  ['not', [126]],
  ['common absent', []],
  ['comm', []],
]

for (const [q, ids] of FOUND) {
  testOnEachEngine(`a search for ${q} finds ${ids.join(', ') || 'nothing'}`, async (t) => {
    const store = await openArticles(t)
    const request = { limit: 10, sort: 'id' } as const
    const { items } = await store.list(request, wordsOf(q))
    t.same(
      items.map(({ id }) => id),
      ids,
    )
  })
}

testOnEachEngine('search results are paginated in both directions', async (t) => {
  const store = await openArticles(t)
  const pageOf = async (
    isDescending: boolean,
    from?: { position: Position; isBackwards: boolean },
  ) => {
    const request = { limit: 1, sort: isDescending ? '-id' : 'id', from } as const
    const { items, ...rest } = await store.list(request, ['common'])
    return { ids: items.map(({ id }) => id), ...rest }
  }
  t.same(await pageOf(false), { ids: [125], previous: undefined, next: [125] })
  t.same(await pageOf(true), { ids: [126], previous: undefined, next: [126] })
  const second = { ids: [126], previous: [126], next: undefined }
  t.same(await pageOf(false, { position: [125], isBackwards: false }), second)
  const back = { ids: [125], previous: undefined, next: [125] }
  t.same(await pageOf(false, { position: [126], isBackwards: true }), back)
})

testOnEachEngine('a search finds a changed article only by its new words', async (t) => {
  const store = await openArticles(t)
  const request = { limit: 10, sort: 'id' } as const
  const idsOf = async (word: string) =>
    (await store.list(request, [word])).items.map(({ id }) => id)
  const found = await store.find(124)
  const fields = { title: 'another', body: 'text', author: 'Zoë' }
  const replaced = await store.replace(124, String(found?.version), fields)
  t.same(await idsOf('gute'), [])
  t.same(await idsOf('another'), [124])
  await store.delete(124, String(replaced?.version))
  t.same(await idsOf('another'), [])
})

testOnEachEngine('a refill stores the same words as a write, and keeps the version', async (t) => {
  const database = await openMigrated(t)
  const { reader, write } = database
  const store = createArticleStore(database)
  for (const article of ARTICLES) await store.create(article)
  const rows = () => reader.selectFrom('articles').selectAll().orderBy('id').execute()
  const written = await rows()
  const old = { words: 'old', words_version: 0 }
  await write((writer) => writer.updateTable('articles').set(old).execute())
  await migrate(database)
  t.same(await rows(), written)
})

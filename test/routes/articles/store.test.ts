import { createArticleStore } from '../../../routes/articles/store.ts'
import { openMigrated } from '../../database.ts'
import { testOnEachEngine } from '../../engines.ts'
import { TUTORIAL_ARTICLE as TUTORIAL } from './tutorial-article.ts'

testOnEachEngine('find() returns an article with the property names of the API', async (t) => {
  const articles = createArticleStore(await openMigrated(t))
  t.strictSame(await articles.find(123), {
    article: TUTORIAL,
    modifiedAt: TUTORIAL.updatedAt,
    version: '1',
  })
})

testOnEachEngine('find() returns undefined if the article does not exist', async (t) => {
  const articles = createArticleStore(await openMigrated(t))
  for (const id of [1, 0, -123, Number.MAX_SAFE_INTEGER]) {
    t.equal(await articles.find(id), undefined, String(id))
  }
})

const FIELDS = { title: 'A title', body: 'A body\nof two lines', author: 'Zoë' }

testOnEachEngine('create() assigns the id, the times and the first version', async (t) => {
  const articles = createArticleStore(await openMigrated(t))
  const { article, modifiedAt, version } = await articles.create(FIELDS)
  t.match(article, { ...FIELDS, id: 124, createdAt: article.updatedAt })
  t.match(version, /^1\.[0-9a-f]{16}$/)
  t.strictSame(await articles.find(124), { article, modifiedAt, version })
  t.equal(modifiedAt, article.updatedAt)
})

testOnEachEngine(
  'createAt() uses the given id, and creates nothing if the id exists',
  async (t) => {
    const articles = createArticleStore(await openMigrated(t))
    t.match(await articles.createAt(500, FIELDS), { article: { id: 500, ...FIELDS } })
    t.equal(await articles.createAt(500, { ...FIELDS, title: 'Another' }), undefined)
    t.equal((await articles.find(500))?.article.title, 'A title', 'the second call changes nothing')
  },
)

testOnEachEngine(
  'replace() changes an article only if the given version is the current one',
  async (t) => {
    const articles = createArticleStore(await openMigrated(t))
    const replaced = await articles.replace(123, '1', FIELDS)
    t.match(replaced, {
      article: { ...FIELDS, id: 123, createdAt: TUTORIAL.createdAt },
      version: /^2\.[0-9a-f]{16}$/,
    })
    t.not(replaced?.article.updatedAt, TUTORIAL.updatedAt)
    t.equal(await articles.replace(123, '1', { ...FIELDS, title: 'Late' }), undefined)
    t.equal(await articles.replace(9, '1', FIELDS), undefined, 'a missing article is not replaced')
    t.strictSame(await articles.find(123), replaced)
  },
)

testOnEachEngine(
  'delete() deletes an article only if the given version is the current one',
  async (t) => {
    const articles = createArticleStore(await openMigrated(t))
    t.equal(await articles.delete(123, '2'), false)
    t.ok(await articles.find(123))
    t.equal(await articles.delete(123, '1'), true)
    t.equal(await articles.find(123), undefined)
    t.equal(await articles.delete(123, '1'), false)
  },
)

testOnEachEngine(
  'a new article with the id of a deleted article has another version',
  async (t) => {
    const articles = createArticleStore(await openMigrated(t))
    const first = await articles.createAt(500, FIELDS)
    const version = first?.version ?? ''
    t.equal(await articles.delete(500, version), true)
    t.not((await articles.createAt(500, FIELDS))?.version, version)
    t.equal(await articles.replace(500, version, FIELDS), undefined)
    t.equal(await articles.delete(500, version), false)
  },
)

import { CompiledQuery } from 'kysely'
import type { Test } from 'tap'
import { articleList } from '../../../routes/articles/schema.ts'
import { createArticleStore } from '../../../routes/articles/store.ts'
import { openMigrated } from '../../database.ts'
import { testOnEachEngine } from '../../engines.ts'
import {
  expectIndexed,
  fillTable,
  observe,
  planOf,
  ROWS,
  requestsOf,
  SLOW,
} from '../../query-plans.ts'

async function openFilled(t: Test) {
  const database = await openMigrated(t)
  const columns = '(title, body, author, created_at, updated_at, words)'
  const late = `case when i > ${ROWS - 1_000} then ' late' else '' end`
  const values = `'t' || (i % 5000), '', 'a' || (i % 10), 'c' || (i % 5000), 'u' || (i % 5000), 'w' || (i % 5000) || ${late}`
  await fillTable(t, database, 'articles', columns, values)
  return database
}

testOnEachEngine('list() reads articles in the order of an index, without sorting', async (t) => {
  const database = await openFilled(t)
  const { session, queries } = observe(database)
  const articles = createArticleStore(session)
  for (const request of requestsOf(articleList)) await articles.list(request)
  await expectIndexed(t, database, queries)
})

testOnEachEngine('a search reads the index of words', async (t) => {
  const database = await openFilled(t)
  const { session, queries } = observe(database)
  const from = [false, true].map((isBackwards) => ({ position: [10_000] as const, isBackwards }))
  for (const request of [undefined, ...from].map((from) => ({ limit: 20, sort: '-id', from }))) {
    await createArticleStore(session).list(request, ['w7'])
    await createArticleStore(session).list({ ...request, sort: 'id' }, ['late'])
  }
  // On PostgreSQL, each search first reads the estimate of its matches.
  const searches = queries.filter(({ sql }) => !sql.startsWith('explain'))
  t.equal(
    searches.length,
    6,
    'the queries search a rare word, and a word that only the last articles contain',
  )
  for (const query of searches) {
    const plan = await planOf(t, database, query)
    t.match(plan, /SCAN found VIRTUAL TABLE INDEX|Bitmap Index Scan on articles_by_words/)
    t.notMatch(plan, /USE TEMP B-TREE|Seq Scan|SCAN articles/)
  }
})

for (const sql of [
  "select * from articles where body = 'x'",
  'select * from articles order by body limit 20',
]) {
  testOnEachEngine(`the check detects that no index fits ${sql}`, async (t) => {
    const database = await openFilled(t)
    t.match(await planOf(t, database, CompiledQuery.raw(sql)), SLOW)
  })
}

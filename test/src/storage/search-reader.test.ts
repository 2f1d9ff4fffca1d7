import { CompiledQuery, sql } from 'kysely'
import type { Test } from 'tap'
import type { Session } from '../../../src/storage/database.ts'
import type { PageRequest } from '../../../src/storage/list.ts'
import { createSearchReader } from '../../../src/storage/search-reader.ts'
import { open } from '../../database.ts'
import { databaseUrl, testOnEachEngine, testOnPostgres } from '../../engines.ts'
import { noteList } from '../../fixtures/resources/notes/schema.ts'
import { fillTable, observe, ROWS } from '../../query-plans.ts'
import '../../fixtures/register.ts'

/** A table of this test, which the types of the service do not know. */
const TABLE = 'pages' as 'fixture_notes'

/** Words, and the rows that have them. */
const WORDS: Record<string, (id: number) => boolean> = {
  common: () => true,
  half: (id) => id % 2 === 0,
  late: (id) => id > 15_000,
  rare7: (id) => id % 2_000 === 7,
}

/** Creates a table of which each row has some of the words, and a function that reads pages of searches. */
async function setUp(t: Test) {
  const database = await open(t, await databaseUrl(t))
  await database.write(async (writer) => {
    await sql.raw('create table pages (id integer primary key, words text)').execute(writer)
    await database.dialect.indexWords(writer, TABLE)
  })
  const words = `'common' || case when i % 2 = 0 then ' half' else '' end
    || case when i > 15000 then ' late' else '' end || ' rare' || (i % 2000)`
  await fillTable(t, database, TABLE, '(id, words)', `i, ${words}`)
  return database
}

function createReader(session: Session) {
  const select = () => session.reader.selectFrom(TABLE).select('id')
  return createSearchReader({ table: TABLE, list: noteList, select }, session)
}

const IDS = Array.from({ length: ROWS }, (_, index) => index + 1)

const SEARCHES = [['common'], ['half'], ['late'], ['rare7'], ['half', 'late'], ['half', 'rare7']]

testOnEachEngine('pages of frequent and rare words have all matches in order', async (t) => {
  const readPage = createReader(await setUp(t))
  for (const words of SEARCHES) {
    const matches = IDS.filter((id) => words.every((word) => WORDS[word]?.(id)))
    for (const sort of ['id', '-id']) {
      const ordered = sort === 'id' ? matches : matches.toReversed()
      let from: PageRequest['from']
      for (let begin = 0; begin <= 20; begin += 10) {
        const { items, next } = await readPage({ sort, limit: 10, from }, words)
        const ids = items.map(({ id }) => id)
        t.same(ids, ordered.slice(begin, begin + 10), `${words} by ${sort} from ${begin}`)
        if (!next) break
        from = { position: next, isBackwards: false }
      }
      const end = { position: [ordered.at(-1) ?? 0] as const, isBackwards: true }
      const { items } = await readPage({ sort, limit: 3, from: end }, words)
      const ids = items.map(({ id }) => id)
      t.same(ids, ordered.slice(-4, -1), `${words} by ${sort} before the last`)
    }
  }
})

testOnEachEngine('matches are counted up to the limit', async (t) => {
  const readPage = createReader(await setUp(t))
  const count = async (word: string, count: PageRequest['count']) =>
    (await readPage({ sort: 'id', limit: 1, count }, [word])).total
  t.same(await count('rare7', 'exact'), { value: 10, count: 'exact' })
  t.same(await count('half', 'estimated'), { value: 10_000, count: 'estimated' })
  t.same(await count('common', 'exact'), { value: 10_000 })
})

interface Explained {
  'QUERY PLAN': [{ Plan: { 'Shared Hit Blocks': number; 'Shared Read Blocks': number } }]
}

/** Number of blocks of 8 KiB that the search of a page of 20 rows may read: three for each row, and some of indexes. */
const MAX_BLOCKS = 150

testOnPostgres('a search reads about as many blocks as a page of the list', async (t) => {
  const database = await setUp(t)
  // New rows wait in a list, which each search reads until a vacuum adds them to the index.
  await sql`select gin_clean_pending_list('pages_by_words')`.execute(database.reader)
  const { session, queries } = observe(database)
  const readPage = createReader(session)
  const blocksOf = async ({ sql, parameters }: CompiledQuery) => {
    const explain = CompiledQuery.raw(`explain (analyze, buffers, format json) ${sql}`, [
      ...parameters,
    ])
    const { rows } = await database.reader.executeQuery<Explained>(explain)
    const [{ Plan }] = (rows[0] as Explained)['QUERY PLAN']
    return Plan['Shared Hit Blocks'] + Plan['Shared Read Blocks']
  }
  for (const words of SEARCHES) {
    for (const sort of ['id', '-id']) {
      if (words.includes('late') && sort === 'id') continue // its matches are far from the first rows
      queries.length = 0
      await readPage({ sort, limit: 20 }, words)
      let blocks = 0
      for (const query of queries) {
        if (!query.sql.startsWith('explain')) blocks += await blocksOf(query)
      }
      t.ok(blocks > 0 && blocks < MAX_BLOCKS, `${words} by ${sort}: ${blocks} blocks`)
    }
  }
})

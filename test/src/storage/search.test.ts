import { sql } from 'kysely'
import t, { type Test } from 'tap'
import type { Schema } from '../../../src/storage/schema.ts'
import { wordsOf } from '../../../src/storage/words.ts'
import { open } from '../../database.ts'
import { databaseUrl, testOnEachEngine } from '../../engines.ts'
import { FOUND_WITHOUT_BEING_WORDS, SEARCHED_TEXTS } from './search-texts.ts'

/** A table of this test, which the types of the service do not know. */
const TABLE = 'pages' as keyof Schema

const TEXTS = [
  ...SEARCHED_TEXTS,
  ...FOUND_WITHOUT_BEING_WORDS.map(([text, search, source]) => ({
    text,
    found: [search],
    missed: [],
    source: `not a word of the text, ${source}`,
  })),
]

/** Stores the texts under ids from 0, and returns a function that returns the ids of the found texts. */
async function storeTexts(t: Test) {
  const { dialect, reader, write } = await open(t, await databaseUrl(t))
  await write(async (writer) => {
    await sql.raw('create table pages (id integer primary key, words text)').execute(writer)
    await dialect.indexWords(writer, 'pages')
    for (const [id, { text }] of TEXTS.entries()) {
      await sql`insert into pages values (${id}, ${wordsOf(text).join(' ')})`.execute(writer)
    }
  })
  const rows = () =>
    reader.selectFrom(TABLE as 'schema_migrations').select(sql<number>`id`.as('id'))
  return async (search: string) => {
    const found = dialect.withWords(
      rows(),
      TABLE as 'schema_migrations',
      dialect.searchFor(wordsOf(search)),
    )
    const ids = await found.orderBy(sql.raw(dialect.searchedId)).execute()
    return ids.map(({ id }) => Number(id))
  }
}

/** Returns the ids of the texts that have all words of a search, without a database. */
function compare(search: string): number[] {
  const words = wordsOf(search)
  return [...TEXTS.keys()].filter((id) => {
    const stored = new Set(wordsOf(String(TEXTS[id]?.text)))
    return words.every((word) => stored.has(word))
  })
}

testOnEachEngine('searches find the texts that have these words, in 21 scripts', async (t) => {
  const find = await storeTexts(t)
  for (const [id, { text, found, missed, source }] of TEXTS.entries()) {
    for (const search of [...found, ...missed]) {
      const ids = await find(search)
      const isFound = found.includes(search)
      const outcome = isFound ? 'finds' : 'does not find'
      t.equal(ids.includes(id), isFound, `${search} ${outcome} ${text} (${source})`)
      t.same(ids, compare(search), `${search} finds the same texts as without a database`)
    }
  }
})

testOnEachEngine('a search of 200 letters without spaces is not too long', async (t) => {
  const find = await storeTexts(t)
  const letters = Array.from({ length: 200 }, (_, index) => String.fromCodePoint(0x4e00 + index))
  t.same(await find(letters.join('')), [])
})

t.test('each search of the table has a word', async (t) => {
  for (const { found, missed } of TEXTS) {
    for (const search of [...found, ...missed]) t.not(wordsOf(search).length, 0, search)
  }
})

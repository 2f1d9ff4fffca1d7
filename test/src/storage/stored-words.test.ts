import { join } from 'node:path'
import { mock } from 'node:test'
import { type Generated, type Kysely, type KyselyPlugin, sql } from 'kysely'
import t, { type Test } from 'tap'
import { RESOURCES } from '../../../src/resources.ts'
import type { Database, Write } from '../../../src/storage/database.ts'
import { applyMigrations, migrate } from '../../../src/storage/migrations.ts'
import { hasOldWords, refillWords, storedWords } from '../../../src/storage/stored-words.ts'
import { backUp } from '../../../src/storage/transfer/backup.ts'
import { restore } from '../../../src/storage/transfer/restore.ts'
import { WORDS_VERSION } from '../../../src/storage/words.ts'
import { open } from '../../database.ts'
import { folderOf, lastingUrl, testOnEachEngine, testOnPostgres } from '../../engines.ts'

const STORED_WORDS = join(import.meta.dirname, '../../../src/storage/stored-words.ts')

const CREATE = '20260101T0000-pages'
const ADD_VERSION = '20260102T0000-page-words'

/** A resource that got a version of its words in its second migration. */
const PAGES = {
  pages: {
    migrations: {
      [`${CREATE}.ts`]: `
        export const minVersion = '0.1.0'
        export async function up(db, dialect) {
          await db.schema
            .createTable('pages')
            .addColumn('id', dialect.integer, dialect.autoIncrement)
            .addColumn('title', dialect.text, (column) => column.notNull())
            .addColumn('note', dialect.text)
            .addColumn('words', dialect.text, (column) => column.notNull().defaultTo(''))
            .execute()
          await dialect.indexWords(db, 'pages')
          await db.insertInto('pages').values({ id: 1, title: 'Initial', words: 'old' }).execute()
        }`,
      [`${ADD_VERSION}.ts`]: `
        import { addWordsVersion } from ${JSON.stringify(STORED_WORDS)}
        export const minVersion = '0.1.0'
        export const words = { table: 'pages', columns: ['title', 'note'] }
        export async function up(db, dialect) {
          await addWordsVersion(db, dialect, 'pages')
        }`,
    },
  },
}

// Before any test, since the service reads the migrations once.
RESOURCES.push(t.testdir(PAGES))

interface Page {
  id: number
  title: string
  note: string | null
  words: string
  words_version: Generated<number>
}

/** Returns the database with the type of the table. */
function typed(db: unknown) {
  return db as Kysely<{ pages: Page }> // the second migration creates this table
}

function readPages({ reader }: Database) {
  return typed(reader).selectFrom('pages').selectAll().orderBy('id').execute()
}

/** Opens a database as an earlier version has left it: without the second migration, with 250 pages. */
async function openOld(t: Test, url: string) {
  const database = await open(t, url)
  await database.transactAlone(async (writer) => {
    await applyMigrations(writer, database.dialect, [CREATE])
    const pages = Array.from({ length: 249 }, (_, index) => ({
      id: index + 2,
      title: `Title ${index + 2}`,
      note: index === 0 ? null : 'ブログAPI',
      words: 'old',
    }))
    await typed(writer).insertInto('pages').values(pages).execute()
  })
  return database
}

/** Returns a database whose exclusive transactions run through another function. */
function intercept(database: Database, transactAlone: Write): Database {
  return { ...database, transactAlone }
}

testOnEachEngine('migrate() fills the words of all rows, and the search index', async (t) => {
  const database = await openOld(t, await lastingUrl(t))
  const { dialect, reader } = database
  t.ok((await migrate(database)).includes(ADD_VERSION))
  const pages = await readPages(database)
  t.match(
    pages,
    pages.map(({ title, note }) => storedWords(title, note ?? '')),
  )
  t.equal(await hasOldWords(reader), false)
  const query = typed(reader).selectFrom('pages').select('pages.id')
  const idsOf = async (word: string) => {
    const found = dialect.withWords(query as never, 'pages' as never, dialect.searchFor([word]))
    return (await found.execute()).length
  }
  t.same([await idsOf('api'), await idsOf('old'), await idsOf('initial')], [248, 0, 1])
})

testOnEachEngine('a batch ends after 100 ms, so that other writes wait no longer', async (t) => {
  const database = await openOld(t, await lastingUrl(t))
  await database.transactAlone((writer) => applyMigrations(writer, database.dialect))
  let batches = 0
  const counted = intercept(database, (work) => {
    batches++
    return database.transactAlone(work)
  })
  const clock = mock.method(performance, 'now', () => 30 * clock.mock.callCount())
  t.teardown(() => clock.mock.restore())
  await refillWords(counted)
  clock.mock.restore()
  t.ok(batches > 10, `${batches} batches`)
  t.equal(await hasOldWords(database.reader), false)
})

testOnEachEngine('an interrupted refill continues with the rows that are left', async (t) => {
  const database = await openOld(t, await lastingUrl(t))
  await database.transactAlone((writer) => applyMigrations(writer, database.dialect))
  let batches = 0
  const interrupted = intercept(database, (work) => {
    batches++
    if (batches > 1) throw new Error('interrupted')
    return database.transactAlone(work)
  })
  await t.rejects(refillWords(interrupted), { message: 'interrupted' })
  const done = (await readPages(database)).filter((page) => page.words_version === WORDS_VERSION)
  t.ok(done.length > 0 && done.length <= 100, `a batch has filled ${done.length} rows`)
  t.equal(await hasOldWords(database.reader), true)

  const kept = Number(done[0]?.id)
  await database.write((writer) =>
    typed(writer).updateTable('pages').set({ words: 'kept' }).where('id', '=', kept).execute(),
  )
  await refillWords(database)
  const pages = await readPages(database)
  t.ok(pages.every((page) => page.words_version === WORDS_VERSION))
  t.same(
    pages.filter(({ words }) => words === 'kept').map(({ id }) => id),
    [kept],
    'rows of the first batch are not filled again',
  )
})

testOnEachEngine('processes that start together share the work of a refill', async (t) => {
  const url = await lastingUrl(t)
  const first = await openOld(t, url)
  const second = await open(t, url)
  await Promise.all([migrate(first), migrate(second)])
  t.ok((await readPages(second)).every((page) => page.words_version === WORDS_VERSION))
})

testOnEachEngine('words of a later version stay', async (t) => {
  const database = await openOld(t, await lastingUrl(t))
  await migrate(database)
  const later = { words: 'later', words_version: WORDS_VERSION + 1 }
  await database.write((writer) => typed(writer).updateTable('pages').set(later).execute())
  await migrate(database)
  t.match(await readPages(database), Array(250).fill(later))
})

testOnPostgres(
  'a refill does not overwrite the words of a row that changes meanwhile',
  async (t) => {
    const database = await openOld(t, await lastingUrl(t))
    await database.transactAlone((writer) => applyMigrations(writer, database.dialect))
    const changed = { title: 'changed', ...storedWords('changed') }
    let id: unknown
    const change: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      // After the first batch of rows is read, and before they are updated.
      async transformResult({ result }) {
        if (id === undefined) {
          id = result.rows[0]?.id
          await sql`update pages set title = ${changed.title}, words = ${changed.words},
            words_version = ${changed.words_version} where id = ${id}`.execute(database.reader)
        }
        return result
      },
    }
    const racing = intercept(database, (work) =>
      database.transactAlone((writer) => work(writer.withPlugin(change))),
    )
    await refillWords(racing)
    const pages = await readPages(database)
    t.match(
      pages.find((page) => page.id === id),
      changed,
    )
  },
)

testOnEachEngine(
  'restore() fills the words of an older backup, but not in the backup',
  async (t) => {
    const folder = folderOf(t)
    const source = `sqlite:${join(folder, 'old.db')}`
    const old = await openOld(t, source)
    await migrate(old)
    const outdated = { words: 'outdated', words_version: WORDS_VERSION - 1 }
    await old.write((writer) => typed(writer).updateTable('pages').set(outdated).execute())
    const file = join(folder, 'backup.db')
    await backUp(source, file, 1_000)

    const url = await lastingUrl(t)
    const target = await open(t, url)
    await migrate(target)
    await restore(file, url, false, {})
    const [page] = await readPages(target)
    t.match(page, storedWords('Initial'))
    t.match(await readPages(await open(t, `sqlite:${file}`)), Array(250).fill(outdated))
  },
)

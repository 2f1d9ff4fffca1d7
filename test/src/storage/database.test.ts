import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t from 'tap'
import { StorageError, transact } from '../../../src/storage/database.ts'
import { migrate } from '../../../src/storage/migrations.ts'
import { openDatabase } from '../../../src/storage/open-database.ts'
import { LATER_VERSION_NEEDED, openMigrated } from '../../database.ts'
import { lastingUrl, testOnEachEngine } from '../../engines.ts'
import { createFileStore } from '../../fixtures/resources/files/store.ts'
import { createNoteStore } from '../../fixtures/resources/notes/store.ts'
import { makeNewer } from '../../storage-rows.ts'
import '../../fixtures/register.ts'

t.test('databases in memory do not share any data', async (t) => {
  const [first, second] = [await openMigrated(t), await openMigrated(t)]
  await first.reader.deleteFrom('fixture_notes').execute()
  t.match(await createNoteStore(second).find(123), { note: { title: 'A title' } })
})

const FILE = { mediaType: 'text/plain', bytes: Buffer.from('a\0b') }

t.test(
  'openDatabase() creates the file and the folder, and finds the data at the next start',
  async (t) => {
    const url = `sqlite:${join(t.testdir(), 'a/b/api.db')}`
    const first = await openDatabase(url)
    await migrate(first)
    const { id } = await createFileStore(first).create(FILE)
    await first.close()

    const found = await createFileStore(await openMigrated(t, url)).find(id)
    t.match(found, { mediaType: 'text/plain' })
    t.same(Buffer.from(found?.bytes ?? []), FILE.bytes)
  },
)

testOnEachEngine('other connections read acknowledged writes', async (t) => {
  const url = await lastingUrl(t)
  const [first, second] = [await openMigrated(t, url), await openMigrated(t, url)]
  const { id } = await createFileStore(first).create(FILE)
  t.match(await createFileStore(second).find(id), { mediaType: 'text/plain' })
})

testOnEachEngine('the database sorts text by code points', async (t) => {
  const { reader, write } = await openMigrated(t)
  const titles = ['a', 'Z', 'é', 'z', 'ﬁ', '😀', 'A'].map((title) => ({ title }))
  await write((writer) => writer.insertInto('fixture_notes').values(titles).execute())
  const notes = reader
    .selectFrom('fixture_notes')
    .select('title')
    .where('id', '>', 123)
    .orderBy('title')
  t.same(
    (await notes.execute()).map(({ title }) => title),
    ['A', 'Z', 'a', 'z', 'é', 'ﬁ', '😀'],
  )
})

testOnEachEngine('numbers in results have the type number', async (t) => {
  const { reader, write } = await openMigrated(t)
  const id = Number.MAX_SAFE_INTEGER
  await write((writer) => writer.insertInto('fixture_notes').values({ id, title: 'zoë' }).execute())
  const notes = reader.selectFrom('fixture_notes')
  t.equal((await notes.select('id').where('title', '=', 'zoë').executeTakeFirst())?.id, id)
  const count = notes.select(({ fn }) => fn.countAll<number>().as('count'))
  t.equal((await count.executeTakeFirst())?.count, 2)
})

testOnEachEngine('only the transaction itself reads its writes before the commit', async (t) => {
  const url = await lastingUrl(t)
  const [database, other] = [await openMigrated(t, url), await openMigrated(t, url)]
  const created = await transact(database, async (access) => {
    const files = createFileStore(access)
    const { id } = await files.create(FILE)
    t.match(
      await files.find(id),
      { mediaType: 'text/plain' },
      'the transaction reads its own write',
    )
    t.equal(
      await createFileStore(other).find(id),
      undefined,
      'another connection does not read the write before the commit',
    )
    return files.create(FILE)
  })
  t.equal(created.id, 2, 'transact() returns the result of the work')
  t.match(
    await createFileStore(other).find(1),
    { mediaType: 'text/plain' },
    'another connection reads the write after the commit',
  )
})

testOnEachEngine('a failed transaction changes nothing', async (t) => {
  const database = await openMigrated(t)
  const failure = new Error('refused')
  const work = transact(database, async (access) => {
    await createFileStore(access).create(FILE)
    throw failure
  })
  t.equal(
    await work.catch((error) => error),
    failure,
    'transact() rejects with the error of the work',
  )
  t.equal(await createFileStore(database).find(1), undefined)
  t.match(await createFileStore(database).create(FILE), { mediaType: 'text/plain' })
})

testOnEachEngine('a closed database rejects reads and writes', async (t) => {
  const database = await openMigrated(t)
  const notes = createNoteStore(database)
  const files = createFileStore(database)
  await database.close()
  await t.rejects(notes.find(123))
  await t.rejects(files.create(FILE))
  await t.rejects(transact(database, (access) => createFileStore(access).create(FILE)))
  await t.rejects(files.create(FILE), 'later calls also reject')
})

t.test('close() releases the file, even if no query has run', async (t) => {
  const file = join(t.testdir(), 'api.db')
  const database = await openDatabase(`sqlite:${file}`)
  await database.close()
  const other = new DatabaseSync(file)
  t.teardown(() => other.close())
  // Succeeds only if `database` has closed the file: SQLite refuses this change while two connections are open.
  t.match(other.prepare('pragma journal_mode = delete').get(), { journal_mode: 'delete' })
})

const REFUSED: { title: string; content: string }[] = [
  { title: 'text', content: 'this is text and no database\n' },
  { title: 'long text', content: 'this is text and no database\n'.repeat(1_000) },
  { title: 'the header of a database', content: `SQLite format 3\0${'x'.repeat(4_000)}` },
]

for (const { title, content } of REFUSED) {
  t.test(`a file with ${title} is refused, and not changed`, async (t) => {
    const file = join(t.testdir({ 'api.db': content }), 'api.db')
    await t.rejects(openDatabase(`sqlite:${file}`), {
      constructor: StorageError,
      message: `cannot open the database ${file}: file is not a database`,
    })
    t.equal(readFileSync(file, 'utf8'), content)
  })
}

t.test('a file of a later version is refused, and not changed', async (t) => {
  const file = join(t.testdir(), 'api.db')
  const before = await makeNewer(file)
  await t.rejects(openDatabase(`sqlite:${file}`), {
    constructor: StorageError,
    message: LATER_VERSION_NEEDED,
  })
  t.same(readFileSync(file), before)
})

t.test(
  'a folder and a path below a file are refused with one line that contains the path',
  async (t) => {
    const folder = t.testdir({ 'a.txt': '' })
    const paths: [path: string, reason: RegExp][] = [
      [folder, /: EISDIR: .+$/],
      [join(folder, 'a.txt/api.db'), /: E[A-Z]+: .+$/],
    ]
    for (const [path, reason] of paths) {
      const refusal = openDatabase(`sqlite:${path}`)
      await t.rejects(refusal, { constructor: StorageError, message: reason })
      await t.rejects(refusal, { message: `cannot open the database ${path}` })
    }
  },
)

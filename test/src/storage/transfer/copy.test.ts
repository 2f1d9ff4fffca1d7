import { createArticleStore } from '../../../../routes/articles/store.ts'
import { createMessageStore } from '../../../../routes/messages/store.ts'
import { StorageError } from '../../../../src/storage/database.ts'
import { migrateWithin } from '../../../../src/storage/migrations.ts'
import { openDatabase } from '../../../../src/storage/open-database.ts'
import { openMigrated } from '../../../database.ts'
import { testOnEachPair } from '../../../engines.ts'
import { copyUrl, FILLED, fill, readAll } from '../../../storage-rows.ts'

const MESSAGE = { mediaType: 'a/b', fileName: null, bytes: Buffer.from('a') }
const FIELDS = { title: 'A title', body: '', author: 'Zoë' }

testOnEachPair(
  'every row arrives as it was, in a database with nothing in it',
  async (t, from, to) => {
    await fill(await openMigrated(t, from), 3 * 2 ** 20)
    const { result } = await copyUrl(t, from, to)
    const expected = await readAll(from)
    t.strictSame(await readAll(to), expected)
    t.strictSame(result, {
      counts: Object.entries(expected).map(([table, { length }]) => ({ table, rows: length })),
      ignored: [],
    })
    const rows = new Map(result.counts.map(({ table, rows }) => [table, rows]))
    for (const table of FILLED) t.ok(Number(rows.get(table)) > 2, `${table} had some`)
  },
)

testOnEachPair('ids count on from the largest there was', async (t, from, to) => {
  await fill(await openMigrated(t, from))
  const { target } = await copyUrl(t, from, to)
  t.match(await createArticleStore(target).create(FIELDS), { article: { id: 10 ** 12 + 1 } })
  t.match(await createMessageStore(target).create(MESSAGE), { id: 6 }, 'one that was deleted')
})

testOnEachPair(
  'what only a fresh start put there, or nothing, is replaced',
  async (t, from, to) => {
    const source = await openMigrated(t, from)
    await source.write((writer) => writer.deleteFrom('users').where('id', '>', 1).execute())
    const target = await openMigrated(t, to)
    await target.write((writer) => writer.deleteFrom('articles').execute())
    await copyUrl(t, from, to)
    t.strictSame(await readAll(to), await readAll(from))
  },
)

testOnEachPair('no id that the target gave is given again', async (t, from, to) => {
  await openMigrated(t, from)
  const messages = createMessageStore(await openMigrated(t, to))
  for (const id of [1, 2, 3]) t.match(await messages.create(MESSAGE), { id })
  const { target } = await copyUrl(t, from, to, true)
  t.match(await createMessageStore(target).create(MESSAGE), { id: 4 })
})

testOnEachPair('a source of an older step is copied at that step', async (t, from, to) => {
  const source = await openDatabase(from)
  t.teardown(() => source.close())
  await source.transactAlone((writer) => migrateWithin(writer, source.dialect, '002-tutorial'))
  await copyUrl(t, from, to)
  t.strictSame(await readAll(to), await readAll(from))
  t.notMatch(JSON.stringify(await readAll(to)), 'incarnation')

  await openMigrated(t, to)
  await t.rejects(copyUrl(t, from, to), {
    constructor: StorageError,
    message: /^the schema of the target is at \S+, that of the source at 002-tutorial: migrate/,
  })
})

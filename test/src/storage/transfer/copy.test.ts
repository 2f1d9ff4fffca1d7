import { sql } from 'kysely'
import { StorageError } from '../../../../src/storage/database.ts'
import { applyMigrations } from '../../../../src/storage/migrations.ts'
import { openDatabase } from '../../../../src/storage/open-database.ts'
import { INSERT_REMOVED_MIGRATION, openMigrated } from '../../../database.ts'
import { testOnEachPair } from '../../../engines.ts'
import { createFileStore } from '../../../fixtures/resources/files/store.ts'
import { createNoteStore } from '../../../fixtures/resources/notes/store.ts'
import { copyUrl, FILLED, fill, readAll } from '../../../storage-rows.ts'
import '../../../fixtures/register.ts'

const FILE = { mediaType: 'a/b', bytes: Buffer.from('a') }
const FIELDS = { title: 'A title', body: '', author: 'Zoë' }

testOnEachPair('copy() copies every row unchanged to an empty database', async (t, from, to) => {
  await fill(await openMigrated(t, from), 3 * 2 ** 20)
  const { result } = await copyUrl(t, from, to)
  const expected = await readAll(from)
  t.strictSame(await readAll(to), expected)
  t.strictSame(result, {
    counts: Object.entries(expected).map(([table, { length }]) => ({ table, rows: length })),
    ignored: [],
  })
  const rows = new Map(result.counts.map(({ table, rows }) => [table, rows]))
  for (const table of FILLED) t.ok(Number(rows.get(table)) > 2, `${table} has rows`)
})

testOnEachPair(
  'after a copy, assigned ids are above the largest id of the source',
  async (t, from, to) => {
    await fill(await openMigrated(t, from))
    const { target } = await copyUrl(t, from, to)
    t.match(await createNoteStore(target).create(FIELDS), { note: { id: 10 ** 12 + 1 } })
    t.match(
      await createFileStore(target).create(FILE),
      { id: 6 },
      'the id of a deleted row is not assigned again',
    )
  },
)

testOnEachPair(
  'copy() replaces the rows of migrations in the target, and fills empty tables',
  async (t, from, to) => {
    const source = await openMigrated(t, from)
    await source.write((writer) =>
      writer.insertInto('fixture_notes').values({ title: 'b' }).execute(),
    )
    const target = await openMigrated(t, to)
    await target.write((writer) => writer.deleteFrom('fixture_notes').execute())
    await copyUrl(t, from, to)
    t.strictSame(await readAll(to), await readAll(from))
  },
)

testOnEachPair(
  'after a copy, ids that the target had assigned are not assigned again',
  async (t, from, to) => {
    await openMigrated(t, from)
    const files = createFileStore(await openMigrated(t, to))
    for (const id of [1, 2, 3]) t.match(await files.create(FILE), { id })
    const { target } = await copyUrl(t, from, to, true)
    t.match(await createFileStore(target).create(FILE), { id: 4 })
  },
)

testOnEachPair(
  'copy() accepts a source with fewer migrations, but refuses a target with more migrations than the source',
  async (t, from, to) => {
    const source = await openDatabase(from)
    t.teardown(() => source.close())
    const first = ['20261122T1200-notes']
    await source.transactAlone((writer) => applyMigrations(writer, source.dialect, first))
    await source.write((writer) => writer.deleteFrom('fixture_notes').execute())
    await copyUrl(t, from, to)
    t.strictSame(await readAll(to), { fixture_notes: [] })

    await openMigrated(t, to)
    await t.rejects(copyUrl(t, from, to), {
      constructor: StorageError,
      message:
        /^the target has migrations that the source lacks: 20261122T1200-files, 20261122T1200-idempotency-keys.*; migrate the source first$/,
    })
  },
)

testOnEachPair(
  'copy() copies tables of unknown migrations that this version accepts, if both databases have them',
  async (t, from, to) => {
    for (const url of [to, from]) {
      const database = await openMigrated(t, url)
      await database.write((writer) => sql.raw(INSERT_REMOVED_MIGRATION).execute(writer))
      await database.write((writer) =>
        sql`create table pets (id integer primary key)`.execute(writer),
      )
    }
    const source = await openMigrated(t, from)
    await source.write((writer) => sql`insert into pets values (7)`.execute(writer))
    const { result } = await copyUrl(t, from, to)
    t.strictSame(result.ignored, [])
    t.match(await readAll(to), { pets: [[7]] })
  },
)

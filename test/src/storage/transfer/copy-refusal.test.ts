import { sql } from 'kysely'
import { StorageError } from '../../../../src/storage/database.ts'
import { openDatabase } from '../../../../src/storage/open-database.ts'
import { INSERT_LATER_MIGRATION, LATER_VERSION_NEEDED, openMigrated } from '../../../database.ts'
import { lastingUrl, testOnEachEngine, testOnEachPair } from '../../../engines.ts'
import { createFileStore } from '../../../fixtures/resources/files/store.ts'
import { copyUrl, fill, readAll } from '../../../storage-rows.ts'
import '../../../fixtures/register.ts'

const FILE = { mediaType: 'a/b', bytes: Buffer.from('a') }

testOnEachPair('copy() refuses a target with data, and does not change it', async (t, from, to) => {
  await fill(await openMigrated(t, from))
  await createFileStore(await openMigrated(t, to)).create(FILE)
  const before = await readAll(to)
  await t.rejects(copyUrl(t, from, to), {
    constructor: StorageError,
    message: /^the target holds data \(rows: .*fixture_files 1, .*notes 1.*\), which only "restore/,
  })
  t.strictSame(await readAll(to), before)
  const { target } = await copyUrl(t, from, to, true)
  t.strictSame(
    await readAll(to),
    await readAll(from),
    'the target is replaced if the copy is allowed to replace it',
  )
  t.match(await createFileStore(target).create(FILE), { id: 6 })
})

const INJECTIONS = {
  SQLite: [
    `create trigger injected after insert on fixture_files when new.id = 2
     begin update fixture_files set bytes = x'00' where id = new.id; end`,
  ],
  PostgreSQL: [
    `create function inject() returns trigger language plpgsql as $$
     begin new.bytes = '\\x00'; return new; end $$`,
    `create trigger injected before insert on fixture_files for each row when (new.id = 2)
     execute function inject()`,
  ],
}

testOnEachPair('a copy that differs from the source is undone', async (t, from, to) => {
  await fill(await openMigrated(t, from))
  const target = await openMigrated(t, to)
  const engine = to.startsWith('sqlite:') ? 'SQLite' : 'PostgreSQL'
  for (const statement of INJECTIONS[engine]) {
    await target.write((writer) => sql.raw(statement).execute(writer))
  }
  const before = await readAll(to)
  await t.rejects(copyUrl(t, from, to), {
    constructor: StorageError,
    message: 'the copy differs, and is undone: fixture_files: id 2 differs in bytes',
  })
  t.strictSame(await readAll(to), before)
})

testOnEachEngine('copy() refuses a source of another service or of a later version', async (t) => {
  const from = await lastingUrl(t)
  const source = await openDatabase(from)
  t.teardown(() => source.close())
  await source.write((writer) => sql`create table other (a integer primary key)`.execute(writer))
  await t.rejects(copyUrl(t, from, 'sqlite::memory:'), {
    constructor: StorageError,
    message: 'the source has no migrations of this service',
  })
  await openMigrated(t, from)
  const { result } = await copyUrl(t, from, 'sqlite::memory:')
  t.strictSame(result.ignored, ['other'], 'tables of other services are not copied')

  await source.write((writer) => sql.raw(INSERT_LATER_MIGRATION).execute(writer))
  await t.rejects(copyUrl(t, from, 'sqlite::memory:'), {
    constructor: StorageError,
    message: LATER_VERSION_NEEDED,
  })
})

testOnEachPair('copy() refuses tables whose columns differ', async (t, from, to) => {
  await openMigrated(t, from)
  const target = await openMigrated(t, to)
  await target.write((writer) =>
    sql`alter table fixture_notes add column mine text`.execute(writer),
  )
  for (const [source, copied] of [
    [from, to],
    [to, from],
  ] as const) {
    await t.rejects(copyUrl(t, source, copied), {
      constructor: StorageError,
      message:
        'the table fixture_notes is missing, or its columns differ from those that the migrations create',
    })
  }
})

import { sql } from 'kysely'
import { createMessageStore } from '../../../../routes/messages/store.ts'
import { StorageError } from '../../../../src/storage/database.ts'
import { openDatabase } from '../../../../src/storage/open-database.ts'
import { INSERT_LATER_MIGRATION, LATER_VERSION_NEEDED, openMigrated } from '../../../database.ts'
import { lastingUrl, testOnEachEngine, testOnEachPair } from '../../../engines.ts'
import { copyUrl, fill, readAll } from '../../../storage-rows.ts'

const MESSAGE = { mediaType: 'a/b', fileName: null, bytes: Buffer.from('a') }

testOnEachPair('refuses a target with data, and leaves it unchanged', async (t, from, to) => {
  await fill(await openMigrated(t, from))
  await createMessageStore(await openMigrated(t, to)).create(MESSAGE)
  const before = await readAll(to)
  await t.rejects(copyUrl(t, from, to), {
    constructor: StorageError,
    message:
      /^the target holds data \(rows: .*articles 1, .*messages 1, .*people 3.*\), which only "restore/,
  })
  t.strictSame(await readAll(to), before)
  const { target } = await copyUrl(t, from, to, true)
  t.strictSame(await readAll(to), await readAll(from), 'unless it may be replaced')
  t.match(await createMessageStore(target).create(MESSAGE), { id: 6 })
})

const INJECTIONS = {
  SQLite: [
    `create trigger injected after insert on messages when new.id = 2
     begin update messages set bytes = x'00' where id = new.id; end`,
  ],
  PostgreSQL: [
    `create function inject() returns trigger language plpgsql as $$
     begin new.bytes = '\\x00'; return new; end $$`,
    `create trigger injected before insert on messages for each row when (new.id = 2)
     execute function inject()`,
  ],
}

testOnEachPair('undoes a copy that differs', async (t, from, to) => {
  await fill(await openMigrated(t, from))
  const target = await openMigrated(t, to)
  const engine = to.startsWith('sqlite:') ? 'SQLite' : 'PostgreSQL'
  for (const statement of INJECTIONS[engine]) {
    await target.write((writer) => sql.raw(statement).execute(writer))
  }
  const before = await readAll(to)
  await t.rejects(copyUrl(t, from, to), {
    constructor: StorageError,
    message: 'the copy differs, and is undone: messages: id 2 differs in bytes',
  })
  t.strictSame(await readAll(to), before)
})

testOnEachEngine('refuses a source of another service or of a later version', async (t) => {
  const from = await lastingUrl(t)
  const source = await openDatabase(from)
  t.teardown(() => source.close())
  await source.write((writer) => sql`create table other (a integer primary key)`.execute(writer))
  await t.rejects(copyUrl(t, from, 'sqlite::memory:'), {
    constructor: StorageError,
    message: 'the source is no database of this service',
  })
  await openMigrated(t, from)
  const { result } = await copyUrl(t, from, 'sqlite::memory:')
  t.strictSame(result.ignored, ['other'], 'tables of others are not copied')

  await source.write((writer) => sql.raw(INSERT_LATER_MIGRATION).execute(writer))
  await t.rejects(copyUrl(t, from, 'sqlite::memory:'), {
    constructor: StorageError,
    message: LATER_VERSION_NEEDED,
  })
})

testOnEachPair('refuses a table with other columns', async (t, from, to) => {
  await openMigrated(t, from)
  const target = await openMigrated(t, to)
  await target.write((writer) => sql`alter table people add column mine text`.execute(writer))
  for (const [source, copied] of [
    [from, to],
    [to, from],
  ] as const) {
    await t.rejects(copyUrl(t, source, copied), {
      constructor: StorageError,
      message: 'the table people is missing, or has other columns',
    })
  }
})

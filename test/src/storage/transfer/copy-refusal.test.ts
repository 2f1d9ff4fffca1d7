import { sql } from 'kysely'
import { createMessageStore } from '../../../../routes/messages/store.ts'
import { StorageError } from '../../../../src/storage/database.ts'
import { openDatabase } from '../../../../src/storage/open-database.ts'
import { openMigrated } from '../../../database.ts'
import { lastingUrl, testOnEachEngine, testOnEachPair } from '../../../engines.ts'
import { copyUrl, fill, readAll } from '../../../storage-rows.ts'

const MESSAGE = { mediaType: 'a/b', fileName: null, bytes: Buffer.from('a') }

testOnEachPair('a target with data is refused, and keeps it', async (t, from, to) => {
  await fill(await openMigrated(t, from))
  await createMessageStore(await openMigrated(t, to)).create(MESSAGE)
  const before = await readAll(to)
  await t.rejects(copyUrl(t, from, to), {
    constructor: StorageError,
    message:
      /^the target holds data \(rows: .*articles 1, users 3, messages 1.*\), which only "restore/,
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

testOnEachPair('a difference undoes the copy', async (t, from, to) => {
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

testOnEachEngine('a source that is none of this service, or newer, is refused', async (t) => {
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
  t.strictSame(result.ignored, ['other'], 'a table of somebody else is not copied')

  await source.write((writer) =>
    sql`insert into kysely_migration values ('999-later', '2999')`.execute(writer),
  )
  await t.rejects(copyUrl(t, from, 'sqlite::memory:'), {
    constructor: StorageError,
    message: 'the schema of the source is newer than this version, which does not know 999-later',
  })
})

testOnEachPair('a table with other columns is refused', async (t, from, to) => {
  await openMigrated(t, from)
  const target = await openMigrated(t, to)
  await target.write((writer) => sql`alter table users add column mine text`.execute(writer))
  for (const [source, copied] of [
    [from, to],
    [to, from],
  ] as const) {
    await t.rejects(copyUrl(t, source, copied), {
      constructor: StorageError,
      message: 'the table users is not there, or has other columns than it should',
    })
  }
})

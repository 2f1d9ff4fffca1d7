import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Test } from 'tap'
import { type Database, StorageError } from '../../../src/storage/database.ts'
import { listMigrations } from '../../../src/storage/migration-files.ts'
import { migrate } from '../../../src/storage/migrations.ts'
import {
  INSERT_LATER_MIGRATION,
  INSERT_REMOVED_MIGRATION,
  LATER_VERSION_NEEDED,
  open,
  openMigrated,
} from '../../database.ts'
import { lastingUrl, testOnEachEngine, testOnPostgres } from '../../engines.ts'
import { createNoteStore } from '../../fixtures/resources/notes/store.ts'
import '../../fixtures/register.ts'

/** Returns the rows of the table that records migrations. */
function recordOf({ reader }: Database) {
  return reader.selectFrom('schema_migrations').selectAll().orderBy('name').execute()
}

function execute({ write }: Database, statement: string) {
  return write((writer) => sql.raw(statement).execute(writer))
}

/** Returns the names of all tables. */
async function tables({ reader }: Database, t: Test) {
  const all = t.context.isOnPostgres
    ? sql<{
        name: string
      }>`select tablename as name from pg_tables where schemaname = current_schema()`
    : sql<{ name: string }>`select name from sqlite_schema where type = 'table'`
  return (await all.execute(reader)).rows.map(({ name }) => name).sort()
}

testOnEachEngine(
  'migrate() applies and records every migration of the resources and plugins',
  async (t) => {
    const database = await openMigrated(t)
    const record = await recordOf(database)
    const migrations = (await listMigrations()).toSorted((a, b) => (a.name < b.name ? -1 : 1))
    t.match(
      record,
      migrations.map(({ name, digest, minVersion }) => ({ name, digest, min_version: minVersion })),
    )
    const names = record.map(({ name }) => name)
    for (const name of ['files', 'idempotency-keys', 'notes']) {
      t.ok(names.includes(`20261122T1200-${name}`), name)
    }
    t.match(record[0]?.applied_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    const { reader } = database
    t.same(await reader.selectFrom('fixture_notes').select(['id', 'title']).execute(), [
      { id: 123, title: 'A title' },
    ])
    t.same(await reader.selectFrom('fixture_files').selectAll().execute(), [])
  },
)

testOnEachEngine(
  'a migration runs only once, so that the rows it inserted can be deleted',
  async (t) => {
    const url = await lastingUrl(t)
    const first = await openMigrated(t, url)
    await first.reader.deleteFrom('fixture_notes').execute()
    const before = await recordOf(first)
    t.same(await migrate(first), [])
    t.same(
      await recordOf(first),
      before,
      'a second migrate() on the same connection changes nothing',
    )

    const second = await openMigrated(t, url)
    t.same(await second.reader.selectFrom('fixture_notes').selectAll().execute(), [])
    t.same(
      await recordOf(second),
      before,
      'a second migrate() on another connection changes nothing',
    )
  },
)

testOnEachEngine(
  'migrate() applies a migration that is older than migrations which have already run',
  async (t) => {
    const database = await openMigrated(t, await lastingUrl(t))
    const name = '20261122T1200-idempotency-keys' // as if the branch of this migration was merged later
    await execute(database, 'drop table idempotency_keys')
    await execute(database, `delete from schema_migrations where name = '${name}'`)
    t.same(await migrate(database), [name])
    t.ok((await tables(database, t)).includes('idempotency_keys'))
  },
)

testOnEachEngine(
  'migrate() refuses a database that needs a later version, and does not change it',
  async (t) => {
    const url = await lastingUrl(t)
    const [first, second] = [await openMigrated(t, url), await open(t, url)]
    await execute(first, INSERT_LATER_MIGRATION)
    const before = { record: await recordOf(first), tables: await tables(first, t) }
    const refusal = migrate(second)
    await t.rejects(refusal, {
      constructor: StorageError,
      message: /^cannot migrate the database: /,
    })
    await t.rejects(refusal, { message: LATER_VERSION_NEEDED })
    t.same({ record: await recordOf(first), tables: await tables(first, t) }, before)
    t.match(
      await createNoteStore(first).find(123),
      { note: { title: 'A title' } },
      'the database still works',
    )
  },
)

testOnEachEngine(
  'migrate() accepts an unknown migration if this version is at least its minVersion',
  async (t) => {
    const database = await openMigrated(t)
    await execute(database, INSERT_REMOVED_MIGRATION)
    t.same(await migrate(database), [])
  },
)

testOnEachEngine(
  'migrate() refuses a migration that was edited after it ran, and names the migration',
  async (t) => {
    const url = await lastingUrl(t)
    const database = await openMigrated(t, url)
    const name = '20261122T1200-notes'
    await execute(database, `update schema_migrations set digest = 'a' where name = '${name}'`)
    const message = /20261122T1200-notes ran on the database and was edited since: restore the file/
    await t.rejects(migrate(database), { constructor: StorageError, message })
    if (!t.context.isOnPostgres)
      await t.rejects(
        open(t, url),
        { message },
        'opening the file already fails, before anything changes',
      )
  },
)

testOnEachEngine(
  'the error names a migration that fails, and all migrations are undone',
  async (t) => {
    const database = await open(t, await lastingUrl(t))
    const { reader } = database
    await sql`create table fixture_notes (mine text)`.execute(reader)
    await sql`insert into fixture_notes values ('kept')`.execute(reader)
    await t.rejects(migrate(database), {
      constructor: StorageError,
      message:
        /^cannot migrate the database: 20261122T1200-notes: (table|relation) "fixture_notes" already exists$/,
    })
    t.same((await sql`select * from fixture_notes`.execute(reader)).rows, [{ mine: 'kept' }])
    t.same(await tables(database, t), ['fixture_notes'])

    await sql`drop table fixture_notes`.execute(reader)
    await migrate(database)
    t.match(await createNoteStore(database).find(123), { note: { title: 'A title' } })
  },
)

testOnEachEngine('transactAlone() rolls the transaction back if the callback fails', async (t) => {
  const database = await openMigrated(t, await lastingUrl(t))
  const work = database.transactAlone(async (writer) => {
    await writer.deleteFrom('fixture_notes').execute()
    throw new Error('refused')
  })
  await t.rejects(work, { message: 'refused' })
  t.match(await createNoteStore(database).find(123), { note: { title: 'A title' } })
  await database.transactAlone((writer) => writer.deleteFrom('fixture_notes').execute())
  t.equal(await createNoteStore(database).find(123), undefined, 'the next transaction succeeds')
})

testOnEachEngine('migrate() waits for the transaction of another process', async (t) => {
  const url = await lastingUrl(t)
  const [first, second] = [await open(t, url), await open(t, url)]
  const events: string[] = []
  const { promise: release, resolve } = Promise.withResolvers<void>()
  const { promise: isAlone, resolve: enter } = Promise.withResolvers<void>()
  const other = first.transactAlone(async () => {
    enter()
    await release
    events.push('other')
  })
  await isAlone
  const start = migrate(second).then(() => events.push('start'))
  await isWaiting(second, t)
  t.same(await tables(second, t), [], 'the migration has not begun')
  resolve()
  await Promise.all([other, start])
  t.same(events, ['other', 'start'])
})

/** Waits until migrate() waits for the lock. For SQLite, which has no list of locks, waits 50 ms. */
async function isWaiting({ reader }: Database, t: Test) {
  if (!t.context.isOnPostgres) return delay(50)
  const waiting = sql`select 1 from pg_locks where locktype = 'advisory' and not granted`
  while ((await waiting.execute(reader)).rows.length === 0) await delay(5)
}

testOnPostgres(
  'migrate() refuses a database without the schema that search_path names',
  async (t) => {
    const url = new URL(await lastingUrl(t))
    url.searchParams.set('options', '-c search_path=nowhere')
    await t.rejects(migrate(await open(t, url.href)), {
      constructor: StorageError,
      message: /^cannot migrate the database: no schema has been selected to create in$/,
    })
  },
)

const ROOT = new URL('../../../', import.meta.url).href

/** Program that writes a line when it is ready, and migrates the database when standard input ends. */
const PROGRAM = `
  import { once } from 'node:events'
  import '${ROOT}test/fixtures/register.ts'
  import { openDatabase } from '${ROOT}src/storage/open-database.ts'
  import { migrate } from '${ROOT}src/storage/migrations.ts'
  process.stdout.write('ready')
  await once(process.stdin.resume(), 'end')
  const database = await openDatabase(process.argv[1], { timeoutMs: 30_000 })
  await migrate(database)
  await database.close()
`

function spawnMigration(url: string) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM, url], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  return { child, ready: once(child.stdout, 'data'), exit: once(child, 'exit') }
}

testOnEachEngine('processes that start at once on a new database all succeed', async (t) => {
  const url = await lastingUrl(t)
  const processes = Array.from({ length: 4 }, () => spawnMigration(url))
  await Promise.all(processes.map(({ ready }) => ready))
  for (const { child } of processes) child.stdin.end()
  const codes = (await Promise.all(processes.map(({ exit }) => exit))).map(([code]) => code)
  t.same(codes, [0, 0, 0, 0])

  const { reader } = await openMigrated(t, url)
  t.same(await reader.selectFrom('fixture_notes').select('id').execute(), [{ id: 123 }])
})

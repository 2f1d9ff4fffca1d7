import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Test } from 'tap'
import { createUserStore } from '../../../routes/users/store.ts'
import { RESOURCES } from '../../../src/resources.ts'
import { type Database, StorageError } from '../../../src/storage/database.ts'
import { migrate } from '../../../src/storage/migrations.ts'
import { open, openMigrated } from '../../database.ts'
import { lastingUrl, testOnEachEngine, testOnPostgres } from '../../engines.ts'

/** The steps that a database has gone through, in their order. */
async function steps({ reader }: Database) {
  const query = sql<{ name: string }>`select * from kysely_migration order by name`
  return (await query.execute(reader)).rows
}

/** Adds a step that this code knows nothing of. */
function addStep({ reader }: Database) {
  return sql`insert into kysely_migration values ('999-future', '2999-01-01T00:00:00.000Z')`.execute(
    reader,
  )
}

/** Every table there is, in the order of the names. */
async function tables({ reader }: Database, t: Test) {
  const all = t.context.isOnPostgres
    ? sql<{
        name: string
      }>`select tablename as name from pg_tables where schemaname = current_schema()`
    : sql<{ name: string }>`select name from sqlite_schema where type = 'table'`
  return (await all.execute(reader)).rows.map(({ name }) => name).sort()
}

testOnEachEngine('a fresh database holds the schema and the tutorial’s data', async (t) => {
  const database = await openMigrated(t)
  const { reader } = database
  const names = (await steps(database)).map(({ name }) => name)
  const files = RESOURCES.flatMap(({ migrations }) => readdirSync(migrations))
  t.same(names, files.map((file) => file.replace('.ts', '')).sort())
  t.same(await reader.selectFrom('users').select('name').orderBy('id').execute(), [
    { name: 'john' },
    { name: 'steve' },
    { name: 'bill' },
  ])
  t.same(await reader.selectFrom('articles').select('id').execute(), [{ id: 123 }])
  t.same(await reader.selectFrom('messages').selectAll().execute(), [])
})

testOnEachEngine('a migration runs once: what was deleted is not seeded again', async (t) => {
  const url = await lastingUrl(t)
  const first = await openMigrated(t, url)
  await first.reader.deleteFrom('users').execute()
  await first.reader.deleteFrom('articles').execute()
  const before = await steps(first)
  await migrate(first)
  t.same(await steps(first), before, 'on the same connection')

  const second = await openMigrated(t, url)
  t.same(await second.reader.selectFrom('users').selectAll().execute(), [])
  t.same(await second.reader.selectFrom('articles').selectAll().execute(), [])
  t.same(await steps(second), before, 'and on another')
})

testOnEachEngine('a schema newer than the code is refused, and left as it is', async (t) => {
  const url = await lastingUrl(t)
  const [first, second] = [await openMigrated(t, url), await open(t, url)]
  await addStep(first)
  const before = { steps: await steps(first), tables: await tables(first, t) }
  await t.rejects(migrate(second), {
    constructor: StorageError,
    message: /^cannot migrate the database: .*which does not know 999-future$/,
  })
  t.same({ steps: await steps(first), tables: await tables(first, t) }, before)
  t.match(await createUserStore(first).find(1), { user: { name: 'john' } }, 'and it still works')
})

testOnEachEngine('a table in the way is refused, and nothing is left beside it', async (t) => {
  const database = await open(t, await lastingUrl(t))
  const { reader } = database
  await sql`create table messages (mine text)`.execute(reader)
  await sql`insert into messages values ('kept')`.execute(reader)
  await t.rejects(migrate(database), {
    constructor: StorageError,
    message: /^cannot migrate the database: (table|relation) "messages" already exists$/,
  })
  t.same((await sql`select * from messages`.execute(reader)).rows, [{ mine: 'kept' }])
  t.same(await tables(database, t), ['messages'])

  await sql`drop table messages`.execute(reader)
  await migrate(database)
  t.match(
    await createUserStore(database).find(1),
    { user: { name: 'john' } },
    'once it is gone, all works',
  )
})

testOnEachEngine('work alone that fails leaves nothing behind', async (t) => {
  const database = await openMigrated(t, await lastingUrl(t))
  const work = database.transactAlone(async (writer) => {
    await writer.deleteFrom('users').execute()
    throw new Error('refused')
  })
  await t.rejects(work, { message: 'refused' })
  t.match(await createUserStore(database).find(1), { user: { name: 'john' } })
  await database.transactAlone((writer) => writer.deleteFrom('users').execute())
  t.equal(await createUserStore(database).find(1), undefined, 'and the next is done')
})

testOnEachEngine('a start waits while another migrates', async (t) => {
  const url = await lastingUrl(t)
  const [first, second] = [await open(t, url), await open(t, url)]
  const events: string[] = []
  const { promise: release, resolve } = Promise.withResolvers<void>()
  const { promise: isAlone, resolve: enter } = Promise.withResolvers<void>()
  const other = first.transactAlone(async () => {
    enter()
    await release
    events.push('the other is done')
  })
  await isAlone
  const start = migrate(second).then(() => events.push('the start is done'))
  await isWaiting(second, t)
  t.same(await tables(second, t), [], 'nothing is there yet')
  resolve()
  await Promise.all([other, start])
  t.same(events, ['the other is done', 'the start is done'])
})

/** Waits until somebody is seen to wait for the lock; on SQLite, until it was asked for some times. */
async function isWaiting({ reader }: Database, t: Test) {
  if (!t.context.isOnPostgres) return delay(50)
  const waiting = sql`select 1 from pg_locks where locktype = 'advisory' and not granted`
  while ((await waiting.execute(reader)).rows.length === 0) await delay(5)
}

testOnPostgres('a database without a place for tables is refused', async (t) => {
  const url = new URL(await lastingUrl(t))
  url.searchParams.set('options', '-c search_path=nowhere')
  await t.rejects(migrate(await open(t, url.href)), {
    constructor: StorageError,
    message: 'cannot migrate the database: no schema that search_path names is there',
  })
})

const STORAGE = new URL('../../../src/storage/', import.meta.url).href

/** Says when it is ready, and migrates the database once its standard input has ended. */
const PROGRAM = `
  import { once } from 'node:events'
  import { openDatabase } from '${STORAGE}open-database.ts'
  import { migrate } from '${STORAGE}migrations.ts'
  process.stdout.write('ready')
  await once(process.stdin.resume(), 'end')
  const database = await openDatabase(process.argv[1], { timeout: 30_000 })
  await migrate(database)
  await database.close()
`

function spawnMigration(url: string) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM, url], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  return { child, ready: once(child.stdout, 'data'), exit: once(child, 'exit') }
}

testOnEachEngine('processes that start at once on a fresh database all succeed', async (t) => {
  const url = await lastingUrl(t)
  const processes = Array.from({ length: 4 }, () => spawnMigration(url))
  await Promise.all(processes.map(({ ready }) => ready))
  for (const { child } of processes) child.stdin.end()
  const codes = (await Promise.all(processes.map(({ exit }) => exit))).map(([code]) => code)
  t.same(codes, [0, 0, 0, 0])

  const { reader } = await openMigrated(t, url)
  t.same(await reader.selectFrom('users').select('id').orderBy('id').execute(), [
    { id: 1 },
    { id: 2 },
    { id: 3 },
  ])
})

import { setTimeout as delay } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import type { Test } from 'tap'
import { migrate } from '../../../../src/storage/migrations.ts'
import { openSource } from '../../../../src/storage/open-database.ts'
import type { Schema } from '../../../../src/storage/schema.ts'
import { open, openMigrated } from '../../../database.ts'
import { databaseUrl, testOnPostgres } from '../../../engines.ts'
import '../../../fixtures/register.ts'

/** Opens a database that records what a change of the schema waits for. */
async function openWaiting(t: Test, url: string) {
  const reasons: string[] = []
  const { promise: hasWaited, resolve } = Promise.withResolvers<void>()
  const onWait = (reason: string) => {
    reasons.push(reason)
    resolve()
  }
  return { ...(await open(t, url, { timeoutMs: 1_000, onWait })), reasons, hasWaited }
}

/** Begins a backup, and returns a function that ends it. */
async function beginBackup(url: string) {
  const source = await openSource(url, 1_000)
  const { promise: end, resolve } = Promise.withResolvers<void>()
  const { promise: begins, resolve: begin } = Promise.withResolvers<void>()
  const backup = source.readSnapshot((reader) => {
    begin()
    return end.then(() => sql`select 1`.execute(reader))
  })
  await Promise.race([begins, backup])
  return async () => {
    resolve()
    await backup
  }
}

async function hasWaitingLock(reader: Kysely<Schema>) {
  const locks = sql`select 1 from pg_locks where locktype = 'advisory' and not granted`
  return (await locks.execute(reader)).rows.length > 0
}

testOnPostgres('a migration waits until a backup ends, and reports this', async (t) => {
  const url = await databaseUrl(t)
  const database = await openWaiting(t, url)
  const endBackup = await beginBackup(url)
  const migration = migrate(database)
  await database.hasWaited
  t.match(
    database.reasons[0],
    /^a lock, probably of PostgreSQL's process \d+ \(backup\), whose transaction began \d+ s ago$/,
  )
  await endBackup()
  t.ok((await migration).length > 0)
})

testOnPostgres('a start without pending migrations does not wait for a backup', async (t) => {
  const url = await databaseUrl(t)
  const database = await openMigrated(t, url)
  const endBackup = await beginBackup(url)
  t.same(await migrate(database), [])
  await endBackup()
})

testOnPostgres('a backup waits for a migration, and contains its changes', async (t) => {
  const url = await databaseUrl(t)
  const database = await openMigrated(t, url)
  const source = await openSource(url, 1_000)
  let backup: Promise<unknown> = Promise.resolve()
  await database.transactAlone(async (writer) => {
    await database.dialect.excludeSnapshots(writer)
    backup = source.readSnapshot((reader) =>
      reader.selectFrom('fixture_notes').select('title').orderBy('id').execute(),
    )
    while (!(await hasWaitingLock(database.reader))) await delay(5)
    // Rewrites the table. A snapshot from before would find it empty.
    await sql`alter table fixture_notes alter column id type bigint using id + 1`.execute(writer)
    await sql`update fixture_notes set title = 'migrated'`.execute(writer)
  })
  t.same(await backup, [{ title: 'migrated' }])
})

testOnPostgres(
  'while a change of the schema waits for a lock of a table, queries of the table succeed',
  async (t) => {
    const url = await databaseUrl(t)
    const old = await openMigrated(t, url)
    const database = await openWaiting(t, url)
    let attempts = 0
    const { promise: end, resolve } = Promise.withResolvers<void>()
    const { promise: isReading, resolve: read } = Promise.withResolvers<void>()
    const reader = old.reader.transaction().execute(async (transaction) => {
      await transaction.selectFrom('fixture_notes').selectAll().execute()
      read()
      await end
    })
    await isReading
    const change = database.transactAlone(async (writer) => {
      attempts++
      await sql`alter table fixture_notes add column note text`.execute(writer)
    })
    const other = await open(t, url, { timeoutMs: 1_000 })
    const { promise: isDone, resolve: stop } = Promise.withResolvers<boolean>()
    let queries = 0
    const load = (async () => {
      for (;;) {
        await other.write((writer) =>
          writer.updateTable('fixture_notes').set({ title: 'zoë' }).execute(),
        )
        queries++
        if (await Promise.race([isDone, delay(5, false)])) return
      }
    })()
    await database.hasWaited
    stop(true)
    await load
    resolve()
    await Promise.all([reader, change])
    t.ok(attempts > 1, `${attempts} attempts`)
    t.ok(queries > 1, `${queries} queries of others succeeded`)
    t.same(await old.reader.selectFrom('fixture_notes').select(['id', 'title']).execute(), [
      { id: 123, title: 'zoë' },
    ])
  },
)

testOnPostgres('limits of the role or the URL do not cut a change of the schema', async (t) => {
  const url = new URL(await databaseUrl(t))
  const options = String(url.searchParams.get('options'))
  url.searchParams.set('options', `${options} -c statement_timeout=10`)
  const database = await open(t, url.href)
  await database.transactAlone((writer) => sql`select pg_sleep(0.1)`.execute(writer))
  const source = await openSource(url.href, 1_000)
  await source.readSnapshot((reader) => sql`select pg_sleep(0.1)`.execute(reader))
})

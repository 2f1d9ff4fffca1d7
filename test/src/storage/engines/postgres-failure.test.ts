import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import pg from 'pg'
import type { Test } from 'tap'
import { type Database, StorageError } from '../../../../src/storage/database.ts'
import {
  ConstraintViolation,
  DatabaseFull,
  DatabaseUnavailable,
} from '../../../../src/storage/engines/failure.ts'
import { migrate } from '../../../../src/storage/migrations.ts'
import type { DatabaseOptions } from '../../../../src/storage/open-database.ts'
import type { Schema } from '../../../../src/storage/schema.ts'
import { open, openMigrated } from '../../../database.ts'
import { databaseUrl, TEST_TIMEOUT_MS, testOnPostgres } from '../../../engines.ts'
import { createNoteStore } from '../../../fixtures/resources/notes/store.ts'
import { startProxy } from '../../../proxy.ts'
import '../../../fixtures/register.ts'

type Queries = Kysely<Schema>

/** Opens a migrated database, and another connection to it. */
async function setUp(t: Test, options: DatabaseOptions = {}) {
  const url = await databaseUrl(t)
  const other = await openMigrated(t, url)
  const database = await open(t, url, { timeoutMs: TEST_TIMEOUT_MS, ...options })
  return { ...database, other: other.reader, url }
}

async function pidOf(db: Queries): Promise<number> {
  const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db)
  return rows[0]?.pid ?? 0
}

/** Waits until a session of the server meets a condition. */
async function until(db: Queries, condition: string) {
  const query = sql.raw(`select 1 from pg_stat_activity where ${condition}`)
  while ((await query.execute(db)).rows.length === 0) await delay(5)
}

const kill = (db: Queries, pid: number) => sql`select pg_terminate_backend(${pid})`.execute(db)

const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  )

const sleep = sql`select pg_sleep(60)`

testOnPostgres(
  'if a connection is killed, its query fails, but a waiting query does not',
  async (t) => {
    const { reader, other } = await setUp(t, { connections: 1 })
    const pid = await pidOf(reader)
    const failure = failureOf(sleep.execute(reader))
    const next = pidOf(reader)
    await until(other, `pid = ${pid} and query like '%pg_sleep%' and state = 'active'`)
    await kill(other, pid)
    t.type(await failure, DatabaseUnavailable)
    t.match(await failure, { message: /^PostgreSQL: terminating connection/ })
    t.not(await next, pid, 'the waiting query gets another connection')
  },
)

testOnPostgres(
  'if a connection is killed between two queries of a transaction, the transaction fails',
  async (t) => {
    const { reader, transact, other } = await setUp(t)
    const failure = await failureOf(
      transact(async (writer) => {
        await writer.deleteFrom('fixture_notes').execute()
        const pid = await pidOf(writer)
        await kill(other, pid)
        // The connection reports its end between the two queries.
        await delay(50)
        await writer.deleteFrom('fixture_files').execute()
      }),
    )
    t.type(failure, DatabaseUnavailable)
    t.match(await createNoteStore({ ...(await openMigrated(t)), reader }).find(123), {
      note: { title: 'A title' },
    })
  },
)

testOnPostgres('an idle connection that was killed is replaced', async (t) => {
  const { reader, other } = await setUp(t, { connections: 1 })
  const pid = await pidOf(reader)
  await kill(other, pid)
  while (
    (await sql`select 1 from pg_stat_activity where pid = ${pid}`.execute(other)).rows.length
  ) {
    await delay(5)
  }
  // During these queries, the pool notices that its connection has ended.
  for (let turn = 0; turn < 10; turn++) await pidOf(other)
  t.not(await pidOf(reader), pid)
})

testOnPostgres('a slow query is cancelled in the client and on the server', async (t) => {
  const { reader, other } = await setUp(t, { timeoutMs: 1_000, connections: 1 })
  const pid = await pidOf(reader)
  t.type(await failureOf(sleep.execute(reader)), DatabaseUnavailable)
  const isRunning = sql`select 1 from pg_stat_activity where pid = ${pid} and state = 'active'`
  while ((await isRunning.execute(other)).rows.length > 0) await delay(5)
  t.type(await pidOf(reader), 'number', 'the next query succeeds')
})

testOnPostgres('a query that waits too long for a lock is rejected', async (t) => {
  const { reader, write, transact, other } = await setUp(t, { timeoutMs: 1_000 })
  const update = sql`update fixture_notes set title = 'jane' where id = 123`
  await other.transaction().execute(async (transaction) => {
    await sql`lock table fixture_notes`.execute(transaction)
    for (const failure of [
      await failureOf(write((writer) => update.execute(writer))),
      await failureOf(transact((writer) => update.execute(writer))),
    ]) {
      t.type(failure, DatabaseUnavailable)
      t.match(failure, { message: 'PostgreSQL: canceling statement due to lock timeout' })
    }
  })
  await write((writer) => update.execute(writer))
  t.match(
    await reader.selectFrom('fixture_notes').select('title').where('id', '=', 123).execute(),
    [{ title: 'jane' }],
  )
})

testOnPostgres('a query that waits too long for a connection is rejected', async (t) => {
  const { reader, transact } = await setUp(t, { timeoutMs: 1_000, connections: 1 })
  await transact(async () => {
    const failure = await failureOf(pidOf(reader))
    t.type(failure, DatabaseUnavailable)
    t.match(failure, { message: /^PostgreSQL: timeout exceeded when trying to connect/ })
  })
  t.ok(await pidOf(reader))
})

testOnPostgres(
  'queries are rejected while the server does not respond, and succeed after it responds again',
  async (t) => {
    const { url } = await setUp(t)
    const proxy = await startProxy(t, url)
    const { reader } = await open(t, proxy.url, { timeoutMs: 300 })
    t.ok(await pidOf(reader))
    proxy.pause()
    t.type(
      await failureOf(pidOf(reader)),
      DatabaseUnavailable,
      'a query on an existing connection is rejected',
    )
    t.type(
      await failureOf(pidOf(reader)),
      DatabaseUnavailable,
      'a query on a new connection is rejected',
    )
    proxy.resume()
    t.ok(await pidOf(reader))
  },
)

testOnPostgres('if a connection breaks silently, only its own query fails', async (t) => {
  const { url, other } = await setUp(t)
  const proxy = await startProxy(t, url)
  const { reader } = await open(t, proxy.url, { timeoutMs: TEST_TIMEOUT_MS })
  const pid = await pidOf(reader)
  const failure = failureOf(sleep.execute(reader))
  await until(other, `pid = ${pid} and query like '%pg_sleep%' and state = 'active'`)
  proxy.cut()
  t.type(await failure, DatabaseUnavailable)
  t.ok(await pidOf(reader))
  await kill(other, pid)
})

testOnPostgres(
  'a server that accepts connections but does not respond counts as unavailable',
  async (t) => {
    const server = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.teardown(() => server.close())
    const { port } = server.address() as AddressInfo // the address of a TCP server is an object
    const database = await open(t, `postgres://u:hunter2@127.0.0.1:${port}/d`, { timeoutMs: 50 })
    await expectUnavailable(t, database, /connection timeout|timeout expired/)
  },
)

testOnPostgres('a server whose port is closed counts as unavailable', async (t) => {
  const database = await open(t, 'postgres://u:hunter2@127.0.0.1:1/d')
  await expectUnavailable(t, database, /connect ECONNREFUSED 127\.0\.0\.1:1$/)
})

testOnPostgres(
  'the error of a host with several unreachable addresses has a message',
  async (t) => {
    // Node's AggregateError has no message.
    const refused = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' })
    t.intercept(pg.Pool.prototype, 'connect', { value: () => Promise.reject(refused) })
    const database = await open(t, 'postgres://u:hunter2@localhost:1/d')
    await expectUnavailable(
      t,
      database,
      /^(?:cannot migrate the database: )?PostgreSQL: ECONNREFUSED$/,
    )
  },
)

testOnPostgres('a missing database counts as unavailable', async (t) => {
  const url = new URL(await databaseUrl(t))
  url.pathname = 'nowhere'
  await expectUnavailable(t, await open(t, url.href), /database "nowhere" does not exist$/)
})

/** Asserts that a query and the migration fail for this reason, and that the message contains no password. */
async function expectUnavailable(t: Test, database: Database, reason: RegExp) {
  const [failed, started] = [
    await failureOf(pidOf(database.reader)),
    await failureOf(migrate(database)),
  ]
  t.type(failed, DatabaseUnavailable)
  t.match(failed, { message: reason })
  t.type(started, StorageError)
  t.match(started, { message: reason })
  t.match(started, { message: /^cannot migrate the database: PostgreSQL: [^\n]+$/ })
  t.notMatch(Reflect.get(Object(started), 'message'), 'hunter2')
}

testOnPostgres('errors of a query are passed on unchanged', async (t) => {
  const { reader } = await setUp(t)
  const faults: [query: string, code: string][] = [
    ['selec 1', '42601'],
    ['select * from nowhere', '42P01'],
    ["select 'x'::int", '22P02'],
  ]
  for (const [query, code] of faults) {
    const failure = await failureOf(sql.raw(query).execute(reader))
    t.type(failure, pg.DatabaseError)
    t.match(failure, { code })
  }
})

testOnPostgres('later queries of a failed transaction fail for the same reason', async (t) => {
  const { transact } = await setUp(t)
  const failure = await failureOf(
    transact(async (writer) => {
      await failureOf(sql`select * from nowhere`.execute(writer))
      await pidOf(writer)
    }),
  )
  t.match(failure, { code: '42P01', message: 'relation "nowhere" does not exist' })
})

const CODES: [condition: string, code: string, type: unknown][] = [
  ['disk_full', '53100', DatabaseFull],
  ['out_of_memory', '53200', DatabaseUnavailable],
  ['too_many_connections', '53300', DatabaseUnavailable],
  ['connection_failure', '08006', DatabaseUnavailable],
  ['invalid_password', '28P01', DatabaseUnavailable],
  ['invalid_catalog_name', '3D000', DatabaseUnavailable],
  ['serialization_failure', '40001', DatabaseUnavailable],
  ['deadlock_detected', '40P01', DatabaseUnavailable],
  ['lock_not_available', '55P03', DatabaseUnavailable],
  ['query_canceled', '57014', DatabaseUnavailable],
  ['cannot_connect_now', '57P03', DatabaseUnavailable],
  ['io_error', '58030', DatabaseUnavailable],
  ['read_only_sql_transaction', '25006', DatabaseUnavailable],
  ['idle_in_transaction_session_timeout', '25P03', DatabaseUnavailable],
  ['unique_violation', '23505', ConstraintViolation],
  ['restrict_violation', '23001', ConstraintViolation],
  ['active_sql_transaction', '25001', pg.DatabaseError],
  ['raise_exception', 'P0001', pg.DatabaseError],
  ['insufficient_privilege', '42501', pg.DatabaseError],
]

testOnPostgres('errors of the server are translated by their code', async (t) => {
  const { reader } = await setUp(t)
  for (const [condition, code, type] of CODES) {
    const raise = `do $$ begin raise exception 'sorry' using errcode = '${code}'; end $$`
    const failure = Object(await failureOf(sql.raw(raise).execute(reader)))
    t.equal(failure.constructor, type, condition)
    t.match(failure, type === pg.DatabaseError ? { code } : { cause: { code } })
  }
})

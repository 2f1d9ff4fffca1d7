import { CompiledQuery, sql } from 'kysely'
import type { Test } from 'tap'
import type { Read } from '../../../../src/storage/database.ts'
import { DatabaseUnavailable } from '../../../../src/storage/engines/failure.ts'
import type { DatabaseOptions } from '../../../../src/storage/open-database.ts'
import { open } from '../../../database.ts'
import { databaseUrl, TEST_TIMEOUT_MS, testOnPostgres } from '../../../engines.ts'

const PID = 'select pg_backend_pid() as pid'
const KEYED = { hasOnePlan: true }

async function setUp(t: Test, options: DatabaseOptions = {}) {
  return open(t, await databaseUrl(t), { timeoutMs: TEST_TIMEOUT_MS, ...options })
}

/** Runs a statement with `read`, and returns its rows. */
function run(read: Read, text: string, values: unknown[] = [], options = {}) {
  return read<Record<string, unknown>>(CompiledQuery.raw(text, values), options)
}

/** Runs the same statement several times at once, and returns the number of sessions of the server that ran it. */
async function countSessions(read: Read, count: number, options = {}) {
  const all = await Promise.all(Array.from({ length: count }, () => run(read, PID, [], options)))
  return new Set(all.map(([row]) => row?.pid)).size
}

testOnPostgres('16 reads at the same time share a connection', async (t) => {
  const { read } = await setUp(t)
  t.equal(await countSessions(read, 16), 1)
  t.equal(await countSessions(read, 17), 2)
  t.equal(await countSessions(read, 2, { mayBeSlow: true }), 2, 'slow reads share none')
})

testOnPostgres('a read that fails does not affect the others of its connection', async (t) => {
  const { read, pool } = await setUp(t)
  const [before, failure, after] = await Promise.allSettled([
    run(read, 'select $1::int as value', [1]),
    run(read, 'select 1 / $1::int as value', [0]),
    run(read, 'select $1::bigint as value', [2]),
  ])
  t.match(before, { value: [{ value: 1 }] })
  t.match(failure, { reason: { code: '22012' } })
  t.match(after, { value: [{ value: 2 }] })
  t.match(pool, { totalCount: 1, idleCount: 1 }, 'the connection stays open')
})

testOnPostgres('a connection that fails is replaced', async (t) => {
  const { read, pool } = await setUp(t)
  const outcomes = await Promise.allSettled([
    run(read, 'select pg_terminate_backend(pg_backend_pid())'),
    run(read, 'select 1 as value'),
  ])
  for (const outcome of outcomes) t.match(outcome, { reason: { constructor: DatabaseUnavailable } })
  t.same(await run(read, 'select 2 as value'), [{ value: 2 }])
  t.match(pool, { totalCount: 1, idleCount: 1 })
})

testOnPostgres('reads fail if no connection is free in time', async (t) => {
  const { read, transact } = await setUp(t, { timeoutMs: 200, connections: 1 })
  await transact(async () => {
    const outcomes = await Promise.allSettled([run(read, PID), run(read, PID)])
    for (const each of outcomes) t.match(each, { reason: { constructor: DatabaseUnavailable } })
  })
})

const PREPARED = 'select statement from pg_prepared_statements order by statement'

testOnPostgres('a connection prepares at most 200 reads with one plan', async (t) => {
  const { read } = await setUp(t)
  for (let number = 0; number < 3; number++) {
    t.same(await run(read, 'select $1::int as value', [number], KEYED), [{ value: number }])
  }
  await run(read, 'select 1 as other')
  t.same(await run(read, PREPARED), [{ statement: 'select $1::int as value' }])
  for (let number = 0; number < 210; number++) {
    const rows = await run(read, `select ${number} as value`, [], KEYED)
    t.same(rows, [{ value: number }])
  }
  t.equal((await run(read, PREPARED)).length, 200)
})

testOnPostgres('a prepared read runs again after its table has changed', async (t) => {
  const { read, reader } = await setUp(t)
  await sql`create table things (id integer primary key, value integer)`.execute(reader)
  await sql`insert into things values (1, 7)`.execute(reader)
  const find = () => run(read, 'select value from things where id = $1', [1], KEYED)
  t.same(await find(), [{ value: 7 }])
  await sql`alter table things alter column value type text`.execute(reader)
  t.same(await Promise.all([find(), find()]), [[{ value: '7' }], [{ value: '7' }]])
  t.same(await find(), [{ value: '7' }])
  await sql`discard all`.execute(reader)
  t.same(await find(), [{ value: '7' }], 'after another program has discarded it')
  await find()
  t.equal((await run(read, PREPARED)).length, 1, 'another connection prepares it')
})

import { ExplainNode, type KyselyPlugin, sql } from 'kysely'
import type { Test } from 'tap'
import { createIdempotencyKeyStore } from '../../../plugins/idempotency/store.ts'
import { type Database, inTransaction } from '../../../src/storage/database.ts'
import { openMigrated } from '../../database.ts'
import { databaseUrl, testOnEachEngine, testOnPostgres } from '../../engines.ts'

const OUTCOME = { fingerprint: 'f', result: '{"a":"\\u0000 é \\ud800"}' }
const LONG_AGO = '2020-01-01T00:00:00.000Z'

/** Adds so many keys that expired, or will, at a moment. */
async function addKeys(database: Database, count: number, expires_at: string) {
  const rows = Array.from({ length: count }, (_, number) => ({
    key: `${expires_at} ${number}`,
    ...OUTCOME,
    expires_at,
  }))
  await database.write((writer) => writer.insertInto('idempotency_keys').values(rows).execute())
}

async function countKeys({ reader }: Database, expires_at: string) {
  const rows = await reader.selectFrom('idempotency_keys').select('expires_at').execute()
  return rows.filter((row) => row.expires_at === expires_at).length
}

testOnEachEngine('find gives what keep kept, and nothing for another key', async (t) => {
  const keys = createIdempotencyKeyStore(await openMigrated(t))
  t.equal(await keys.find('a'), undefined)
  await keys.keep('a', OUTCOME)
  t.same(await keys.find('a'), OUTCOME)
  for (const other of ['A', 'a ', 'b', '']) t.equal(await keys.find(other), undefined)
})

testOnEachEngine('a key is kept for 24 hours', async (t) => {
  const database = await openMigrated(t)
  const before = Date.now()
  await createIdempotencyKeyStore(database).keep('a', OUTCOME)
  const { expires_at } = await database.reader
    .selectFrom('idempotency_keys')
    .select('expires_at')
    .executeTakeFirstOrThrow()
  const day = 24 * 60 * 60 * 1000
  t.ok(Date.parse(expires_at) >= before + day)
  t.ok(Date.parse(expires_at) <= Date.now() + day)
})

testOnEachEngine('a key that expired is new, and is kept anew', async (t) => {
  const database = await openMigrated(t)
  const keys = createIdempotencyKeyStore(database)
  await keys.keep('a', OUTCOME)
  await database.write((writer) =>
    writer.updateTable('idempotency_keys').set({ expires_at: LONG_AGO }).execute(),
  )
  t.equal(await keys.find('a'), undefined)
  const anew = { fingerprint: 'g', result: '{}' }
  await keys.keep('a', anew)
  t.same(await keys.find('a'), anew)
})

testOnEachEngine('with each new key ten that expired go, and none that is alive', async (t) => {
  const database = await openMigrated(t)
  const keys = createIdempotencyKeyStore(database)
  const later = new Date(Date.now() + 60_000).toISOString()
  await addKeys(database, 25, LONG_AGO)
  await addKeys(database, 5, later)
  for (const left of [15, 5, 0, 0]) {
    await keys.keep('a', OUTCOME)
    t.equal(await countKeys(database, LONG_AGO), left)
  }
  t.equal(await countKeys(database, later), 5)
})

testOnEachEngine('keys that expired are found, and deleted, through an index', async (t) => {
  const database = await openMigrated(t)
  await addKeys(database, 2_000, LONG_AGO)
  const later = new Date(Date.now() + 60_000).toISOString()
  for (let batch = 0; batch < 20; batch++) await addKeys(database, 2_000, `${later}${batch}`)
  await sql`analyze`.execute(database.reader)
  const plans = await explain(t, database)
  t.match(plans, /idempotency_keys_by_expiry/, 'they are found through the index')
  t.notMatch(plans, /seq scan|\bscan idempotency_keys(?! using)/i, 'and nothing is searched')
})

/** The plans of what keep does. */
async function explain(t: Test, database: Database): Promise<string> {
  const options = t.context.isOnPostgres ? undefined : sql`query plan`.toOperationNode()
  const plans: unknown[] = []
  const explaining: KyselyPlugin = {
    // each of them can be explained
    transformQuery: ({ node }) =>
      ({ ...node, explain: ExplainNode.create(undefined, options) }) as typeof node,
    async transformResult({ result }) {
      plans.push(...result.rows)
      return result
    },
  }
  const keys = createIdempotencyKeyStore({
    ...database,
    write: (work) => database.write((writer) => work(writer.withPlugin(explaining))),
  })
  await keys.keep('a', OUTCOME)
  return JSON.stringify(plans)
}

testOnPostgres('a key is one transaction’s until it ends', async (t) => {
  const url = await databaseUrl(t)
  const [first, second] = [await openMigrated(t, url), await openMigrated(t, url)]
  const claim = (database: Database, key: string) =>
    database.transact((transaction) =>
      createIdempotencyKeyStore(inTransaction(database, transaction)).claim(key),
    )
  await first.transact(async (transaction) => {
    const keys = createIdempotencyKeyStore(inTransaction(first, transaction))
    t.equal(await keys.claim('a'), true)
    t.equal(await claim(second, 'a'), false, 'others are told at once')
    t.equal(await claim(second, 'b'), true, 'another key is free')
    t.equal(await claim(await openMigrated(t), 'a'), true, 'as it is in another schema')
  })
  t.equal(await claim(second, 'a'), true)
})

testOnPostgres('what expired and is being deleted holds nobody up', async (t) => {
  const url = await databaseUrl(t)
  const [first, second] = [await openMigrated(t, url), await openMigrated(t, url)]
  await addKeys(first, 15, LONG_AGO)
  await first.transact(async (transaction) => {
    await createIdempotencyKeyStore(inTransaction(first, transaction)).keep('a', OUTCOME)
    await createIdempotencyKeyStore(second).keep('b', OUTCOME)
    t.equal(await countKeys(second, LONG_AGO), 10, 'the others go')
  })
  t.equal(await countKeys(second, LONG_AGO), 0)
})

import { ExplainNode, type KyselyPlugin, sql } from 'kysely'
import type { Test } from 'tap'
import { createIdempotencyKeyStore } from '../../../plugins/idempotency/store.ts'
import { type Database, inTransaction } from '../../../src/storage/database.ts'
import { openMigrated } from '../../database.ts'
import { databaseUrl, testOnEachEngine, testOnPostgres } from '../../engines.ts'
import '../../fixtures/register.ts'

const STORED = { fingerprint: 'f', result: '{"a":"\\u0000 é \\ud800"}' }
const LONG_AGO = '2020-01-01T00:00:00.000Z'

/** Adds keys with this time of expiry. */
async function addKeys(database: Database, count: number, expires_at: string) {
  const rows = Array.from({ length: count }, (_, number) => ({
    key: `${expires_at} ${number}`,
    ...STORED,
    expires_at,
  }))
  await database.write((writer) => writer.insertInto('idempotency_keys').values(rows).execute())
}

async function countKeys({ reader }: Database, expires_at: string) {
  const rows = await reader.selectFrom('idempotency_keys').select('expires_at').execute()
  return rows.filter((row) => row.expires_at === expires_at).length
}

testOnEachEngine('find() returns the saved result, and undefined for another key', async (t) => {
  const keys = createIdempotencyKeyStore(await openMigrated(t))
  t.equal(await keys.find('a'), undefined)
  await keys.save('a', STORED)
  t.same(await keys.find('a'), STORED)
  for (const other of ['A', 'a ', 'b', '']) t.equal(await keys.find(other), undefined)
})

testOnEachEngine('a key expires after 24 hours', async (t) => {
  const database = await openMigrated(t)
  const before = Date.now()
  await createIdempotencyKeyStore(database).save('a', STORED)
  const { expires_at } = await database.reader
    .selectFrom('idempotency_keys')
    .select('expires_at')
    .executeTakeFirstOrThrow()
  const day = 24 * 60 * 60 * 1000
  t.ok(Date.parse(expires_at) >= before + day)
  t.ok(Date.parse(expires_at) <= Date.now() + day)
})

testOnEachEngine('find() ignores an expired key, which can be saved again', async (t) => {
  const database = await openMigrated(t)
  const keys = createIdempotencyKeyStore(database)
  await keys.save('a', STORED)
  await database.write((writer) =>
    writer.updateTable('idempotency_keys').set({ expires_at: LONG_AGO }).execute(),
  )
  t.equal(await keys.find('a'), undefined)
  const later = { fingerprint: 'g', result: '{}' }
  await keys.save('a', later)
  t.same(await keys.find('a'), later)
})

testOnEachEngine('save() deletes ten expired keys, and no other keys', async (t) => {
  const database = await openMigrated(t)
  const keys = createIdempotencyKeyStore(database)
  const later = new Date(Date.now() + 60_000).toISOString()
  await addKeys(database, 25, LONG_AGO)
  await addKeys(database, 5, later)
  for (const left of [15, 5, 0, 0]) {
    await keys.save('a', STORED)
    t.equal(await countKeys(database, LONG_AGO), left)
  }
  t.equal(await countKeys(database, later), 5)
})

testOnEachEngine('save() finds expired keys with an index', async (t) => {
  const database = await openMigrated(t)
  await addKeys(database, 2_000, LONG_AGO)
  const later = new Date(Date.now() + 60_000).toISOString()
  for (let batch = 0; batch < 20; batch++) await addKeys(database, 2_000, `${later}${batch}`)
  await sql`analyze`.execute(database.reader)
  const plans = await explain(t, database)
  t.match(plans, /idempotency_keys_by_expiry/, 'the plans use the index')
  t.notMatch(plans, /seq scan|\bscan idempotency_keys(?! using)/i, 'the plans scan no table')
})

/** Returns the query plans of the statements of save(). */
async function explain(t: Test, database: Database): Promise<string> {
  const options = t.context.isOnPostgres ? undefined : sql`query plan`.toOperationNode()
  const plans: unknown[] = []
  const explaining: KyselyPlugin = {
    // The type also includes statements that cannot be explained. save() has none of them.
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
  await keys.save('a', STORED)
  return JSON.stringify(plans)
}

testOnPostgres('claim() locks a key until the transaction ends', async (t) => {
  const url = await databaseUrl(t)
  const [first, second] = [await openMigrated(t, url), await openMigrated(t, url)]
  const claim = (database: Database, key: string) =>
    database.transact((transaction) =>
      createIdempotencyKeyStore(inTransaction(database, transaction)).claim(key),
    )
  await first.transact(async (transaction) => {
    const keys = createIdempotencyKeyStore(inTransaction(first, transaction))
    t.equal(await keys.claim('a'), true)
    t.equal(await claim(second, 'a'), false, 'another transaction is refused at once')
    t.equal(await claim(second, 'b'), true, 'another key is not locked')
    t.equal(
      await claim(await openMigrated(t), 'a'),
      true,
      'the key is not locked in another schema',
    )
  })
  t.equal(await claim(second, 'a'), true)
})

testOnPostgres('save() skips expired keys that another transaction deletes', async (t) => {
  const url = await databaseUrl(t)
  const [first, second] = [await openMigrated(t, url), await openMigrated(t, url)]
  await addKeys(first, 15, LONG_AGO)
  await first.transact(async (transaction) => {
    await createIdempotencyKeyStore(inTransaction(first, transaction)).save('a', STORED)
    await createIdempotencyKeyStore(second).save('b', STORED)
    t.equal(
      await countKeys(second, LONG_AGO),
      10,
      'only the ten keys that the first transaction deletes are left',
    )
  })
  t.equal(await countKeys(second, LONG_AGO), 0)
})

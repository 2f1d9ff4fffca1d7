import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import t from 'tap'
import { openDatabase } from '../../../src/storage/open-database.ts'
import { build, createLog, expectReply, type Log } from '../../app.ts'
import { INSERT_LATER_MIGRATION } from '../../database.ts'
import { lastingUrl, TEST_TIMEOUT_MS, testOnEachEngine } from '../../engines.ts'
import { startPostgres } from '../../postgres-server.ts'
import { skipUnless } from '../../requirement.ts'

/** Returns the names of the checks that fail. */
async function failing(app: FastifyInstance): Promise<string[]> {
  await app.ready() // plugins add their checks before the app is ready
  const parts = Object.entries(await app.checkHealth())
  return parts.filter(([, state]) => state === 'fail').map(([name]) => name)
}

/** Returns the log lines about changed results. */
function changes({ lines }: Log) {
  return lines.filter(({ part }) => part !== undefined)
}

t.test('a failing check makes the service not ready, and each change is logged once', async (t) => {
  const log = createLog()
  const app = await build(t, {}, { logDestination: log })
  let isReady = true
  app.addHealthCheck?.('pump', async () => isReady)
  t.same(await failing(app), [])
  isReady = false
  for (const attempt of ['first', 'second']) t.same(await failing(app), ['pump'], attempt)
  isReady = true
  for (const attempt of ['first', 'second']) t.same(await failing(app), [], attempt)
  t.match(changes(log), [
    { level: 'warn', msg: 'not ready', part: 'pump' },
    { level: 'info', msg: 'ready again', part: 'pump' },
  ])
  t.equal(changes(log).length, 2)
  t.notOk(changes(log).some((line) => 'err' in line))
})

t.test('the metrics contain the result of each check at the time of the scrape', async (t) => {
  const app = await build(t)
  let isReady = true
  app.addHealthCheck?.('pump', async () => isReady)
  const read = async () => {
    const { body } = await app.inject('/metrics')
    return body.match(/^health_check_up.*$/gm)
  }
  const others = ['draining', 'database', 'migrations', 'memory'].map(
    (part) => `health_check_up{part="${part}"} 1`,
  )
  t.same(new Set(await read()), new Set([...others, 'health_check_up{part="pump"} 1']))
  isReady = false
  t.same(new Set(await read()), new Set([...others, 'health_check_up{part="pump"} 0']))
})

t.test('the error of a check is logged, but the response does not contain it', async (t) => {
  const log = createLog()
  const app = await build(t, {}, { logDestination: log })
  app.addHealthCheck?.('pump', async () => {
    throw new Error('postgres://luis:hunter2@inside/api')
  })
  const reply = await expectReply(t, app, { url: '/health/ready' }, { status: 503 })
  t.notMatch(reply.body, /luis|hunter2|inside/)
  t.match(changes(log), [{ part: 'pump', err: { message: /inside/ } }])
})

t.test('a check that takes longer than DATABASE_TIMEOUT fails', async (t) => {
  const log = createLog()
  const app = await build(t, { DATABASE_TIMEOUT: '50' }, { logDestination: log })
  app.addHealthCheck?.('pump', () => sleep(60_000, true, { ref: false }))
  t.same(await failing(app), ['pump'])
  t.match(changes(log), [{ part: 'pump', err: { message: 'no result within 50 ms' } }])
})

t.test('concurrent callers share the result of a check', async (t) => {
  const app = await build(t)
  let count = 0
  app.addHealthCheck?.('pump', async () => {
    await sleep(10)
    count++
    return count > 1
  })
  t.same(await Promise.all([failing(app), failing(app)]), [['pump'], ['pump']])
  t.equal(count, 1)
  t.same(await failing(app), [], 'a later call runs the check again')
})

t.test('a draining service is not ready', async (t) => {
  const app = await build(t, { SHUTDOWN_DELAY: '200' })
  const drained = app.drain()
  t.same(await failing(app), ['draining'])
  await drained
})

testOnEachEngine(
  'the service is not ready if a migration is missing, but ready if a later version has added a migration',
  async (t) => {
    const DATABASE_URL = await lastingUrl(t)
    const app = await build(t, { DATABASE_URL })
    const other = await openDatabase(DATABASE_URL, { timeoutMs: TEST_TIMEOUT_MS })
    t.teardown(() => other.close())
    await other.write((db) => sql.raw(INSERT_LATER_MIGRATION).execute(db))
    t.same(await failing(app), [], 'the service stays ready while a later version is rolled out')
    await other.write((db) =>
      sql`delete from schema_migrations where name = '20261122T1200-idempotency-keys'`.execute(db),
    )
    t.same(await failing(app), ['migrations'])
    await other.write((db) => sql`drop table schema_migrations`.execute(db))
    t.same(await failing(app), ['migrations'])
  },
)

t.test(
  'the service is not ready while PostgreSQL is down',
  { skip: skipUnless('postgresql') },
  async (t) => {
    const postgres = await startPostgres(t)
    const log = createLog()
    const app = await build(t, { DATABASE_URL: postgres.url }, { logDestination: log })
    t.same(await failing(app), [])
    await postgres.crash()
    const reply = await expectReply(t, app, { url: '/health/ready' }, { status: 503 })
    t.equal(reply.json().message, 'Service Unavailable: not ready: database, migrations')
    t.match(changes(log), [{ part: 'database', err: { message: /ECONNREFUSED|terminated/ } }, {}])
    await postgres.start()
    t.same(await failing(app), [])
  },
)

import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import t, { type Test } from 'tap'
import { startPostgres } from '../postgres-server.ts'
import { skipUnless } from '../requirement.ts'
import { FAST_START, startServer } from '../server.ts'
import { type Answer, type Load, startLoad } from './load.ts'
import { compareRows, verify } from './verification.ts'

/** How long PostgreSQL is gone, in milliseconds. */
const OUTAGE = 10_000

/**
 * In milliseconds: within one second the service says that PostgreSQL is gone, within one and a half that
 * it says nothing, and within two it serves again. A busy machine is given as much again.
 */
const PROMISED = { gone: 1_000, silent: 1_500, back: 2_000 }
const LENIENCE = 2

/** Answers to wait for, so that each client has had some. */
const MANY = 100

t.setTimeout(120_000)

function testOutage(title: string, body: (t: Test, scene: Scene) => Promise<void>) {
  t.test(title, { skip: skipUnless('postgresql') }, async (t) => {
    const postgres = await startPostgres(t)
    const { url, isRunning, stop } = await startServer(t, {
      DATABASE_URL: postgres.url,
      ...FAST_START,
    })
    const load = startLoad(url)
    await load.until(() => load.answers.filter(isSuccess).length >= MANY)
    await body(t, { postgres, load })
    await load.stop()
    t.ok(isRunning(), 'the service runs on')
    t.same(
      load.answers.filter((answer) => !isSuccess(answer) && !isTryLater(answer)),
      [],
    )
    await verify(t, url, load.entries)
    t.equal(await stop(), 0)
    await compareRows(t, postgres.url, load.entries)
  })
}

interface Scene {
  postgres: Awaited<ReturnType<typeof startPostgres>>
  load: Load
}

function isSuccess({ status }: Answer) {
  return status < 300
}

function isTryLater({ status, headers }: Answer) {
  return status === 503 && headers['retry-after'] === '1'
}

/** The answers to what was sent between two moments. */
function between({ answers }: Load, start: number, end: number) {
  return answers.filter(({ sent }) => sent > start && sent < end)
}

function expectTryLater(t: Test, answers: Answer[]) {
  t.ok(answers.length >= MANY, `there are ${answers.length} answers`)
  t.same(
    answers.filter((answer) => !isTryLater(answer)),
    [],
    '503 with Retry-After',
  )
}

/** How long the slowest answer took, of those too that were under way when it began. */
function slowest({ answers }: Load) {
  return Math.ceil(Math.max(...answers.map(({ took }) => took)))
}

/** Waits until both kinds of client succeed again. */
async function recover(load: Load, since: number) {
  await load.until(() => {
    const methods = new Set()
    for (const answer of between(load, since, Number.POSITIVE_INFINITY)) {
      if (isSuccess(answer)) methods.add(answer.status === 200)
    }
    return methods.size === 2
  })
  return performance.now() - since
}

testOutage('while PostgreSQL is gone, every answer is 503, and at once', async (t, scene) => {
  const { postgres, load } = scene
  await postgres.crash()
  const start = performance.now()
  await delay(OUTAGE)
  const answers = between(load, start, performance.now())
  await postgres.start()
  const took = await recover(load, performance.now())

  expectTryLater(t, answers)
  t.ok(slowest(load) < PROMISED.gone * LENIENCE, 'soon')
  t.ok(took < PROMISED.back * LENIENCE, 'the service is back soon after it')
  t.comment(`slowest answer ${slowest(load)} ms, back in ${Math.ceil(took)} ms`)
})

testOutage('while PostgreSQL says nothing, every answer is 503, and soon', async (t, scene) => {
  const { postgres, load } = scene
  await postgres.freeze()
  const start = performance.now()
  await load.until(() => between(load, start, Number.POSITIVE_INFINITY).length >= MANY)
  const answers = between(load, start, performance.now())
  postgres.thaw()
  const took = await recover(load, performance.now())

  expectTryLater(t, answers)
  t.ok(slowest(load) < PROMISED.silent * LENIENCE, 'soon')
  t.ok(took < PROMISED.back * LENIENCE, 'the service is back soon after it')
  t.comment(`slowest answer ${slowest(load)} ms, back in ${Math.ceil(took)} ms`)
})

testOutage('connections that are ended under load cost no write', async (t, { postgres, load }) => {
  const client = new pg.Client({ connectionString: postgres.url })
  await client.connect()
  let ended = 0
  for (let round = 0; round < 10; round++) {
    const { length } = load.answers
    await load.until(() => load.answers.length >= length + MANY)
    ended += Number((await client.query(END_OTHERS)).rowCount)
  }
  await client.end()
  await recover(load, performance.now())
  t.comment(`${ended} connections were ended, ${load.answers.length} answers`)
})

const END_OTHERS = `
  select pg_terminate_backend(pid) from pg_stat_activity
  where backend_type = 'client backend' and pid <> pg_backend_pid()
`

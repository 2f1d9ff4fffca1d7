import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { FIXTURES } from '../../fixtures/register.ts'
import { startPostgres } from '../../postgres-server.ts'
import { skipUnless } from '../../requirement.ts'
import { FAST_START, startServer } from '../../server.ts'
import { type Answer, type Load, startLoad } from '../load.ts'
import { compareRows, verify } from '../verification.ts'

const OUTAGE_MS = 10_000

/** Maximum time until a 503 while PostgreSQL refuses connections. */
const MAX_DOWN_RESPONSE_MS = 1_000

/** Maximum time until a 503 while PostgreSQL does not respond. */
const MAX_FROZEN_RESPONSE_MS = 1_500

/** Maximum time until the first success after PostgreSQL has recovered. */
const MAX_RECOVERY_MS = 2_000

/** Factor for the time limits, because the machine may be under load. */
const LOAD_FACTOR = 2

/** Number of responses to wait for, so that each client gets some. */
const MIN_RESPONSES = 100

t.setTimeout(120_000)

function testOutage(title: string, body: (t: Test, scene: Scene) => Promise<void>) {
  t.test(title, { skip: skipUnless('postgresql') }, async (t) => {
    const postgres = await startPostgres(t)
    const { url, isRunning, stop } = await startServer(
      t,
      { DATABASE_URL: postgres.url, ...FAST_START },
      undefined,
      FIXTURES,
    )
    const load = startLoad(url)
    await load.until(() => load.answers.filter(isSuccess).length >= MIN_RESPONSES)
    await body(t, { postgres, load })
    await load.stop()
    t.ok(isRunning(), 'the service is still running')
    t.same(
      load.answers.filter((answer) => !isSuccess(answer) && !isRetryLater(answer)),
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

function isRetryLater({ status, headers }: Answer) {
  return status === 503 && headers['retry-after'] === '1'
}

/** Returns the responses to the requests that were sent between two times. */
function between({ answers }: Load, start: number, end: number) {
  return answers.filter(({ sentAtMs }) => sentAtMs > start && sentAtMs < end)
}

function expectRetryLater(t: Test, answers: Answer[]) {
  t.ok(answers.length >= MIN_RESPONSES, `${answers.length} responses arrived during the outage`)
  t.same(
    answers.filter((answer) => !isRetryLater(answer)),
    [],
    'all responses are 503 with Retry-After',
  )
}

/** Returns the longest response time, including requests that were sent before the outage. */
function slowestMs({ answers }: Load) {
  return Math.ceil(Math.max(...answers.map(({ durationMs }) => durationMs)))
}

/** Waits until reads and writes succeed again, and returns the time that this took, in milliseconds. */
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

testOutage('while PostgreSQL is down, requests return 503 within a second', async (t, scene) => {
  const { postgres, load } = scene
  await postgres.crash()
  const start = performance.now()
  await delay(OUTAGE_MS)
  const answers = between(load, start, performance.now())
  await postgres.start()
  const recoveryMs = await recover(load, performance.now())

  expectRetryLater(t, answers)
  t.ok(slowestMs(load) < MAX_DOWN_RESPONSE_MS * LOAD_FACTOR, 'no response is late')
  t.ok(recoveryMs < MAX_RECOVERY_MS * LOAD_FACTOR, 'the service recovers in time')
  t.comment(`slowest response ${slowestMs(load)} ms, recovered in ${Math.ceil(recoveryMs)} ms`)
})

testOutage(
  'while PostgreSQL does not respond, requests return 503 within 1.5 seconds',
  async (t, scene) => {
    const { postgres, load } = scene
    await postgres.freeze()
    const start = performance.now()
    await load.until(() => between(load, start, Number.POSITIVE_INFINITY).length >= MIN_RESPONSES)
    const answers = between(load, start, performance.now())
    postgres.thaw()
    const recoveryMs = await recover(load, performance.now())

    expectRetryLater(t, answers)
    t.ok(slowestMs(load) < MAX_FROZEN_RESPONSE_MS * LOAD_FACTOR, 'no response is late')
    t.ok(recoveryMs < MAX_RECOVERY_MS * LOAD_FACTOR, 'the service recovers in time')
    t.comment(`slowest response ${slowestMs(load)} ms, recovered in ${Math.ceil(recoveryMs)} ms`)
  },
)

testOutage(
  'no write is lost if PostgreSQL ends connections under load',
  async (t, { postgres, load }) => {
    let ended = 0
    for (let round = 0; round < 10; round++) {
      const { length } = load.answers
      await load.until(() => load.answers.length >= length + MIN_RESPONSES)
      ended += await postgres.endSessions()
    }
    await recover(load, performance.now())
    t.comment(`${ended} connections ended, ${load.answers.length} responses`)
  },
)

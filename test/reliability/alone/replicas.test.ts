import t from 'tap'
import { ACCOUNT } from '../../app.ts'
import { startPostgres } from '../../postgres-server.ts'
import { startRedis } from '../../redis-server.ts'
import { skipUnless } from '../../requirement.ts'
import { type Answer, type Load, startLoad } from '../load.ts'
import { startReplicas } from '../replicas.ts'
import { compareRows, verify } from '../verification.ts'

/** Number of responses to wait for, so that each client gets some. */
const MIN_RESPONSES = 200

const skip = skipUnless('nginx', 'postgresql', 'redis-server')

t.setTimeout(180_000)

function isFailure({ status }: Answer) {
  return status >= 300
}

/** Runs `act` under load, and waits for more responses. Returns the failed responses since the start. */
async function failuresDuring(load: Load, act: () => Promise<void>): Promise<Answer[]> {
  const { length } = load.answers
  await act()
  const acted = load.answers.length
  await load.until(() => load.answers.length >= acted + MIN_RESPONSES)
  return load.answers.slice(length).filter(isFailure)
}

function statusesOf(answers: Answer[]) {
  return [...new Set(answers.map(({ status }) => status))]
}

/** Describes failed responses and their sender. Only the service sends X-Request-Id, not nginx. */
function describe(answers: Answer[]) {
  return answers.map(({ status, headers, body }) => ({
    status,
    sender: headers['x-request-id'] ? 'the service' : 'nginx',
    body,
  }))
}

t.test('three replicas behind nginx', { skip }, async (t) => {
  const postgres = await startPostgres(t)
  const redis = await startRedis(t)
  const { replicas, url } = await startReplicas(t, {
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    RATE_LIMIT: '1000000',
    TRUST_PROXY: '127.0.0.1',
    ...ACCOUNT,
  })
  const load = startLoad(url, true)
  await load.until(() => load.answers.length >= MIN_RESPONSES)

  await t.test('no request fails during a rolling restart', async (t) => {
    const failures = await failuresDuring(load, async () => {
      for (const replica of replicas) {
        t.equal(await replica.server.stop(), 0)
        await replica.start()
        // nginx sends requests to the replica again after fail_timeout. A deployment waits for that, too.
        await load.until(() => replica.server.lines.some((line) => line.includes('"/notes')))
      }
    })
    t.same(describe(failures), [])
  })

  await t.test(
    'after a replica is killed, its requests in progress get 503 and no write is lost',
    async (t) => {
      const [victim] = replicas
      const failures = await failuresDuring(load, async () => {
        await victim?.server.stop('SIGKILL')
      })
      t.ok(
        statusesOf(failures).every((status) => status === 503),
        `all ${failures.length} failures are 503`,
      )
      t.equal(
        (await failuresDuring(load, async () => {})).length,
        0,
        'the other replicas respond to all requests',
      )
      await victim?.start()
    },
  )

  await t.test('requests get 503 while PostgreSQL restarts', async (t) => {
    const failures = await failuresDuring(load, async () => {
      await postgres.crash()
      const { length } = load.answers
      await load.until(() => load.answers.length >= length + MIN_RESPONSES)
      await postgres.start()
      await load.until(() => !load.answers.slice(-MIN_RESPONSES / 4).some(isFailure))
    })
    t.same(statusesOf(failures), [503])
  })

  await load.stop()
  await verify(t, url, load.entries)
  for (const { server } of replicas) t.equal(await server.stop(), 0)
  await compareRows(t, postgres.url, load.entries)
  t.comment(`${load.answers.length} responses, ${load.entries.length} notes`)
})

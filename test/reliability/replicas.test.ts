import t from 'tap'
import { startPostgres } from '../postgres-server.ts'
import { startRedis } from '../redis-server.ts'
import { skipUnless } from '../requirement.ts'
import { type Answer, type Load, startLoad } from './load.ts'
import { startReplicas } from './replicas.ts'
import { compareRows, verify } from './verification.ts'

/** Answers to wait for, so that each client has had some. */
const MANY = 200

const skip = skipUnless('nginx', 'postgresql', 'redis-server')

t.setTimeout(180_000)

function isFailure({ status }: Answer) {
  return status >= 300
}

/** Does something under load, and gives the answers that were no success until many more have come. */
async function failuresDuring(load: Load, act: () => Promise<void>): Promise<Answer[]> {
  const { length } = load.answers
  await act()
  const acted = load.answers.length
  await load.until(() => load.answers.length >= acted + MANY)
  return load.answers.slice(length).filter(isFailure)
}

function statusesOf(answers: Answer[]) {
  return [...new Set(answers.map(({ status }) => status))]
}

/** What went wrong, and who says so: the service's replies have an id. */
function describe(answers: Answer[]) {
  return answers.map(({ status, headers, body }) => ({
    status,
    by: headers['x-request-id'] ? 'the service' : 'nginx',
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
  })
  const load = startLoad(url, true)
  await load.until(() => load.answers.length >= MANY)

  await t.test('replacing them one after the other costs no request', async (t) => {
    const failures = await failuresDuring(load, async () => {
      for (const replica of replicas) {
        t.equal(await replica.server.stop(), 0)
        await replica.start()
      }
    })
    t.same(describe(failures), [])
  })

  await t.test('killing one costs what was on its way there: 503, and no write', async (t) => {
    const [victim] = replicas
    const failures = await failuresDuring(load, async () => {
      await victim?.server.stop('SIGKILL')
    })
    t.ok(
      statusesOf(failures).every((status) => status === 503),
      `${failures.length} failures`,
    )
    t.equal((await failuresDuring(load, async () => {})).length, 0, 'the others serve on')
    await victim?.start()
  })

  await t.test('while PostgreSQL restarts the answer is 503', async (t) => {
    const failures = await failuresDuring(load, async () => {
      await postgres.crash()
      const { length } = load.answers
      await load.until(() => load.answers.length >= length + MANY)
      await postgres.start()
      await load.until(() => !load.answers.slice(-MANY / 4).some(isFailure))
    })
    t.same(statusesOf(failures), [503])
  })

  await load.stop()
  await verify(t, url, load.entries)
  for (const { server } of replicas) t.equal(await server.stop(), 0)
  await compareRows(t, postgres.url, load.entries)
  t.comment(`${load.answers.length} answers, ${load.entries.length} articles`)
})

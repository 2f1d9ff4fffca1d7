import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { connectRedisQuotas } from '../../../src/quota/redis-quotas.ts'
import { startRedis } from '../../redis-server.ts'
import { skipUnless } from '../../requirement.ts'

const skip = skipUnless('redis-server')

/** Maximum wait of a request. The service waits at most 250 ms for Redis, but a busy machine may take longer. */
const MAX_WAIT_MS = 2_000

/** Connects a quota of 1000 requests to Redis, and records the events that the quota emits. */
function connect(t: Test, url: string) {
  const events: string[] = []
  const quotas = connectRedisQuotas(url, {
    onLost: (error) => events.push(`lost: ${error instanceof Error}`),
    onRestored: () => events.push('back'),
  })
  t.teardown(() => quotas.close())
  return { ...quotas.create('test', 1_000), create: quotas.create, events }
}

const KEY = 'restful-web-api:quota:test:one'

/** Sets the count in Redis to 500, which a process that counts alone never reaches in these tests. */
async function seed(t: Test, url: string) {
  const redis = new Redis(url)
  t.teardown(() => redis.disconnect())
  await redis.set(KEY, 500)
  return redis
}

async function takeShared(quota: ReturnType<typeof connect>): Promise<number> {
  for (;;) {
    const { remaining } = await quota.take('one')
    if (remaining < 500) return remaining
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** Takes a request from the quota, and asserts that Redis does not count the request. */
async function takeOwn(t: Test, quota: ReturnType<typeof connect>) {
  const { remaining } = await quota.take('one')
  t.ok(remaining > 500, 'the request is counted by the process alone')
}

t.test('processes that use the same Redis share the count of each client', { skip }, async (t) => {
  const { url } = await startRedis(t)
  const redis = await seed(t, url)
  const [first, second] = [connect(t, url), connect(t, url)]
  const left = await takeShared(first)
  t.ok((await takeShared(second)) < left)
  t.ok((await takeShared(first)) < left - 1)
  const ttl = await redis.pttl(KEY)
  t.ok(ttl > 0 && ttl <= 60_000, 'the count expires within a minute')
})

t.test('take() with -1 undoes a take(), and with 0 counts nothing', { skip }, async (t) => {
  const { url } = await startRedis(t)
  await seed(t, url)
  const counter = connect(t, url)
  const { create } = counter
  const quota = create('small', 1)
  const other = create('other', 1, 5_000)
  await takeShared(counter)
  const empty = { remaining: 1, resetSeconds: 60 }
  t.same([await quota.take('one', 0), await quota.take('one', -1)], [empty, empty])
  t.equal((await quota.take('one')).remaining, 0)
  t.equal(quota.isSpent('one'), true)
  t.equal(create('small', 1).isSpent('one'), false, 'another process has not asked Redis')
  t.equal((await create('small', 1).take('one', 0)).remaining, 0)
  t.equal((await quota.take('one', -1)).remaining, 1)
  t.equal(quota.isSpent('one'), false)
  t.same(await other.take('one'), { remaining: 0, resetSeconds: 5 }, 'quotas count separately')
})

t.test('a client without requests left is spent until its window ends', { skip }, async (t) => {
  const { url } = await startRedis(t)
  await seed(t, url)
  const counter = connect(t, url)
  await takeShared(counter)
  const quota = counter.create('short', 1, 50)
  await quota.take('one')
  t.equal(quota.isSpent('one'), true)
  while (quota.isSpent('one')) await new Promise((resolve) => setTimeout(resolve, 5))
  t.equal((await quota.take('one')).remaining, 0)
})

t.test('without Redis, the process counts alone and reports the loss once', async (t) => {
  const quota = connect(t, 'redis://127.0.0.1:1')
  for (const remaining of [999, 998, 997]) {
    t.same(await quota.take('one'), { remaining, resetSeconds: 60 })
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  t.same(quota.events, ['lost: true'])
})

t.test('Redis is used again after a crash', { skip }, async (t) => {
  const server = await startRedis(t)
  await seed(t, server.url)
  const quota = connect(t, server.url)
  await takeShared(quota)
  await server.crash()
  await takeOwn(t, quota)
  await takeOwn(t, quota)
  await server.start()
  await seed(t, server.url)
  await takeShared(quota)
  t.same(quota.events.slice(0, 2), ['lost: true', 'back'])
})

t.test(
  'a Redis server that hangs delays only the first requests, and only briefly',
  { skip },
  async (t) => {
    const server = await startRedis(t)
    await seed(t, server.url)
    const quota = connect(t, server.url)
    await takeShared(quota)
    server.freeze()
    const start = performance.now()
    await Promise.all([takeOwn(t, quota), takeOwn(t, quota)])
    for (let count = 0; count < 100; count++) await quota.take('one')
    t.ok(performance.now() - start < MAX_WAIT_MS, 'later requests do not wait for Redis')
    server.thaw()
    await takeShared(quota)
    t.same(quota.events.slice(0, 2), ['lost: true', 'back'])
  },
)

t.test('if Redis returns errors, the process counts alone', { skip }, async (t) => {
  const { url } = await startRedis(t)
  const redis = await seed(t, url)
  const quota = connect(t, url)
  await takeShared(quota)
  await redis.del(KEY)
  await redis.lpush(KEY, 'no number')
  await takeOwn(t, quota)
  await takeOwn(t, quota)
  t.same(quota.events, ['lost: true'])
})

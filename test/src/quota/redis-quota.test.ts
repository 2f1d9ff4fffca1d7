import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { createRedisQuota } from '../../../src/quota/redis-quota.ts'
import { startRedis } from '../../redis-server.ts'
import { skipUnless } from '../../requirement.ts'

const skip = skipUnless('redis-server')

/** A request waits for Redis for 250 ms at most; a busy machine may take longer. */
const MAX_WAIT_MS = 2_000

/** A quota of a thousand, and the events so far. */
function connect(t: Test, url: string) {
  const events: string[] = []
  const quota = createRedisQuota(url, 1_000, {
    onLost: (error) => events.push(`lost: ${error instanceof Error}`),
    onRestored: () => events.push('back'),
  })
  t.teardown(() => quota.close())
  return { ...quota, events }
}

const KEY = 'restful-web-api:quota:one'

/** Sets a higher count than a process reaches alone in these tests. */
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

/** Takes one request, which must not be counted in Redis. */
async function takeOwn(t: Test, quota: ReturnType<typeof connect>) {
  const { remaining } = await quota.take('one')
  t.ok(remaining > 500, 'the process counts alone')
}

t.test('processes with the same Redis count together', { skip }, async (t) => {
  const { url } = await startRedis(t)
  const redis = await seed(t, url)
  const [first, second] = [connect(t, url), connect(t, url)]
  const left = await takeShared(first)
  t.ok((await takeShared(second)) < left)
  t.ok((await takeShared(first)) < left - 1)
  const ttl = await redis.pttl(KEY)
  t.ok(ttl > 0 && ttl <= 60_000, 'for a minute')
})

t.test('without Redis, the process counts alone and reports it once', async (t) => {
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

t.test('a Redis that hangs delays a request by a short time only', { skip }, async (t) => {
  const server = await startRedis(t)
  await seed(t, server.url)
  const quota = connect(t, server.url)
  await takeShared(quota)
  server.freeze()
  const start = performance.now()
  await Promise.all([takeOwn(t, quota), takeOwn(t, quota)])
  for (let count = 0; count < 100; count++) await quota.take('one')
  t.ok(performance.now() - start < MAX_WAIT_MS, 'and later requests not at all')
  server.thaw()
  await takeShared(quota)
  t.same(quota.events.slice(0, 2), ['lost: true', 'back'])
})

t.test('counts alone if Redis returns errors', { skip }, async (t) => {
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

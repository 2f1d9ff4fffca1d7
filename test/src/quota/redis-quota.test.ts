import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { createRedisQuota } from '../../../src/quota/redis-quota.ts'
import { startRedis } from '../../redis-server.ts'
import { skipUnless } from '../../requirement.ts'

const skip = skipUnless('redis-server')

/** In milliseconds: Redis may keep a request waiting for 250, on a machine that may be busy. */
const SHORT = 2_000

/** A quota of a thousand, and what it told. */
function connect(t: Test, url: string) {
  const told: string[] = []
  const quota = createRedisQuota(url, 1_000, {
    onLost: (error) => told.push(`lost: ${error instanceof Error}`),
    onRestored: () => told.push('back'),
  })
  t.teardown(() => quota.close())
  return { ...quota, told }
}

const KEY = 'restful-web-api:quota:one'

/** Has Redis know of more than a process in these tests counts for itself. */
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

/** Takes once, without Redis. */
async function takeOwn(t: Test, quota: ReturnType<typeof connect>) {
  const { remaining } = await quota.take('one')
  t.ok(remaining > 500, 'the process counts for itself')
}

t.test('processes count together', { skip }, async (t) => {
  const { url } = await startRedis(t)
  const redis = await seed(t, url)
  const [first, second] = [connect(t, url), connect(t, url)]
  const left = await takeShared(first)
  t.ok((await takeShared(second)) < left)
  t.ok((await takeShared(first)) < left - 1)
  const lasts = await redis.pttl(KEY)
  t.ok(lasts > 0 && lasts <= 60_000, 'for a minute')
})

t.test('without Redis each counts for itself, and tells it once', async (t) => {
  const quota = connect(t, 'redis://127.0.0.1:1')
  for (const remaining of [999, 998, 997]) {
    t.same(await quota.take('one'), { remaining, resetSeconds: 60 })
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  t.same(quota.told, ['lost: true'])
})

t.test('a Redis that dies is used again when it is back', { skip }, async (t) => {
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
  t.same(quota.told.slice(0, 2), ['lost: true', 'back'])
})

t.test('a Redis that hangs holds up who waits for it, not long', { skip }, async (t) => {
  const server = await startRedis(t)
  await seed(t, server.url)
  const quota = connect(t, server.url)
  await takeShared(quota)
  server.freeze()
  const start = performance.now()
  await Promise.all([takeOwn(t, quota), takeOwn(t, quota)])
  for (let count = 0; count < 100; count++) await quota.take('one')
  t.ok(performance.now() - start < SHORT, 'and nobody behind them')
  server.thaw()
  await takeShared(quota)
  t.same(quota.told.slice(0, 2), ['lost: true', 'back'])
})

t.test('a Redis that refuses is as good as none', { skip }, async (t) => {
  const { url } = await startRedis(t)
  const redis = await seed(t, url)
  const quota = connect(t, url)
  await takeShared(quota)
  await redis.del(KEY)
  await redis.lpush(KEY, 'no number')
  await takeOwn(t, quota)
  await takeOwn(t, quota)
  t.same(quota.told, ['lost: true'])
})

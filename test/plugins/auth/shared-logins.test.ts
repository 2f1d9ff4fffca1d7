import type { FastifyInstance } from 'fastify'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { ACCOUNT, build } from '../../app.ts'
import { startRedis } from '../../redis-server.ts'
import { skipUnless } from '../../requirement.ts'
import '../../fixtures/register.ts'

const skip = skipUnless('redis-server')

/** Returns the status of a login as `admin`. */
async function login(app: FastifyInstance, remoteAddress: string, password: string) {
  const credentials = Buffer.from(`admin:${password}`).toString('base64')
  const headers = { authorization: `Basic ${credentials}` }
  const { statusCode } = await app.inject({ url: '/vault', headers, remoteAddress })
  return statusCode
}

/** Builds two replicas that are connected to the same Redis, with a limit of 2 failed logins. */
async function buildReplicas(t: Test) {
  const { url } = await startRedis(t)
  const redis = new Redis(url)
  t.teardown(() => redis.disconnect())
  const settings = { ...ACCOUNT, AUTH_FAILURE_LIMIT: '2', REDIS_URL: url }
  const apps = [await build(t, settings), await build(t, settings)] as const
  for (const [index, app] of apps.entries()) {
    const address = `198.51.100.${index}`
    while (!(await redis.exists(`restful-web-api:quota:login-client:${address}`))) {
      await login(app, address, 'a')
    }
  }
  return { apps, redis }
}

t.test('replicas that use the same Redis share the count of failed logins', { skip }, async (t) => {
  const { apps, redis } = await buildReplicas(t)
  const [one, two] = apps
  t.equal(await login(one, '192.0.2.1', 'a'), 401)
  t.equal(await login(two, '192.0.2.1', 'b'), 401)
  for (const app of apps) t.equal(await login(app, '192.0.2.1', 'secret'), 429)
  t.equal(await login(one, '192.0.2.2', 'secret'), 200)
  const keys = await redis.keys('*')
  t.notOk(keys.some((key) => key.includes('secret')))
})

t.test('a client that has logged in at one replica is known to all', { skip }, async (t) => {
  const { apps } = await buildReplicas(t)
  const [one, two] = apps
  t.equal(await login(one, '192.0.2.1', 'secret'), 200)
  for (let count = 0; count < 20; count++) await login(one, `203.0.113.${count}`, 'a')
  t.equal(await login(two, '192.0.2.2', 'secret'), 429)
  t.equal(await login(two, '192.0.2.1', 'secret'), 200)
  t.equal(await login(two, '192.0.2.1', 'secret'), 200, 'the credentials are remembered')
})

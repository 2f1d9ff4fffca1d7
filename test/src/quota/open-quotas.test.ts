import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { build } from '../../app.ts'
import '../../fixtures/register.ts'
import { startRedis } from '../../redis-server.ts'
import { skipUnless } from '../../requirement.ts'

t.test('redis_up is 1 if Redis is reachable', { skip: skipUnless('redis-server') }, async (t) => {
  const { url, crash } = await startRedis(t)
  const app = await build(t, { REDIS_URL: url })
  const waitFor = async (sample: string) => {
    while (!(await app.inject('/metrics')).body.split('\n').includes(sample)) await sleep(20)
    t.pass(sample)
  }
  await waitFor('redis_up 1')
  await crash()
  await waitFor('redis_up 0')
})

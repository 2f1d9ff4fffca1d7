import t from 'tap'
import { createMemoryQuota } from '../../../src/quota/memory-quota.ts'
import { createNetworkQuota } from '../../../src/quota/network-quota.ts'
import type { CreateQuota } from '../../../src/quota/quota.ts'

const createSync: CreateQuota = (_name, ...parameters) => createMemoryQuota(...parameters)

/** Creates quotas that return promises, as those in Redis do. */
const createAsync: CreateQuota = (_name, ...parameters) => {
  const { take, isSpent } = createMemoryQuota(...parameters)
  return { take: async (...arguments_) => take(...arguments_), isSpent }
}

/** Networks in the same /56. */
const networkOf = (index: number) => `2001:db8:0:${index.toString(16)}::/64`

for (const createQuota of [createSync, createAsync]) {
  t.test(`${createQuota.name}: a /56 has four times the limit of a /64`, async (t) => {
    const quota = createNetworkQuota(createQuota, 'test', 2)
    for (let index = 0; index < 8; index++) {
      t.equal(quota.isSpent(networkOf(index)), false)
      t.ok((await quota.take(networkOf(index))).remaining >= 0)
    }
    t.equal((await quota.take(networkOf(9))).remaining, -1)
    t.equal(quota.isSpent(networkOf(10)), true)
    t.equal(quota.isSpent('2001:db8:0:100::/64'), false)
    t.equal((await quota.take('2001:db8:0:100::/64')).remaining, 1, 'another /56')
  })

  t.test(`${createQuota.name}: requests beyond the limit of a /64 do not count`, async (t) => {
    const quota = createNetworkQuota(createQuota, 'test', 2)
    for (let count = 0; count < 20; count++) await quota.take(networkOf(1))
    t.equal((await quota.take(networkOf(1))).remaining, -19)
    t.equal((await quota.take(networkOf(2))).remaining, 1, 'a neighbor has its own quota')
    t.equal(quota.isSpent(networkOf(1)), true)
    for (let count = 0; count < 21; count++) await quota.take(networkOf(1), -1)
    await quota.take(networkOf(2), -1)
    for (let index = 0; index < 8; index++) await quota.take(networkOf(index))
    t.equal((await quota.take(networkOf(9), 0)).remaining, 0, 'each take() was undone once')
  })

  t.test(`${createQuota.name}: other text in a key belongs to the key of the /56`, async (t) => {
    const quota = createNetworkQuota(createQuota, 'test', 1)
    for (let index = 0; index < 4; index++) await quota.take(`${networkOf(index)} luis a/64`)
    t.equal(quota.isSpent(`${networkOf(9)} luis a/64`), true)
    t.equal(quota.isSpent(`${networkOf(9)} zoe`), false)
  })

  t.test(`${createQuota.name}: a network that is no IPv6 /64 has one limit`, async (t) => {
    const quota = createNetworkQuota(createQuota, 'test', 2)
    for (const key of ['192.0.2.1', 'unknown', '192.0.2.1 name/64']) {
      t.equal((await quota.take(key)).remaining, 1)
      t.equal(quota.isSpent(key), false)
      await quota.take(key)
      t.equal(quota.isSpent(key), true)
    }
  })
}

t.test('a quota of quotas without promises returns no promise', async (t) => {
  const quota = createNetworkQuota(createSync, 'test', 2)
  t.match(quota.take(networkOf(1)), { remaining: 1 })
})

import t from 'tap'
import { createMemoryQuota } from '../../../src/quota/memory-quota.ts'
import { WINDOW_MS } from '../../../src/quota/quota.ts'

t.test(
  'take() counts each client separately, and `remaining` is negative above the limit',
  async (t) => {
    const quota = createMemoryQuota(2)
    t.same(
      ['one', 'one', 'one', 'other'].map((client) => quota.take(client).remaining),
      [1, 0, -1, 1],
    )
  },
)

t.test('a window ends a minute after the first request in the window', async (t) => {
  const clock = t.capture(performance, 'now', () => now)
  let now = 1_000
  const quota = createMemoryQuota(2)
  t.same(quota.take('one'), { remaining: 1, resetSeconds: 60 })
  now += 59_001
  t.same(quota.take('one'), { remaining: 0, resetSeconds: 1 })
  now += WINDOW_MS - 59_002
  t.same(
    quota.take('one'),
    { remaining: -1, resetSeconds: 1 },
    'a millisecond earlier, the window has not ended',
  )
  now += 1
  t.same(quota.take('one'), { remaining: 1, resetSeconds: 60 })
  clock.restore()
})

t.test('take() with -1 undoes a take(), and with 0 counts nothing', async (t) => {
  const quota = createMemoryQuota(1)
  quota.take('one')
  t.equal(quota.take('one', 0).remaining, 0)
  t.equal(quota.isSpent('one'), true)
  t.equal(quota.take('one', -1).remaining, 1)
  t.equal(quota.isSpent('one'), false)
  t.equal(quota.take('other', -1).remaining, 2)
  for (const client of ['one', 'other']) t.equal(quota.take(client).remaining, 0)
})

t.test(
  'the quota remembers a limited number of clients, and forgets the least recently used first',
  async (t) => {
    const quota = createMemoryQuota(10_000)
    for (let count = 0; count < 20_000; count++) {
      quota.take(`client ${count}`)
      if (count % 100 === 0) quota.take('busy')
    }
    t.equal(quota.take('busy').remaining, 10_000 - 201)
    t.equal(quota.take('client 0').remaining, 9_999, 'the least recently used client is forgotten')
    quota.take('client 1', -1)
    t.equal(quota.take('client 1').remaining, 9_999)
  },
)

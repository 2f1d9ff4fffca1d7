import t from 'tap'
import { limitConcurrent } from '../../../plugins/auth/limit-concurrent.ts'

t.test('runs as many calls as allowed, lets others wait, and refuses the rest', async (t) => {
  const limited = limitConcurrent({ running: 2, waiting: 1 })
  const begun: number[] = []
  const ends: PromiseWithResolvers<string>[] = []

  /** Starts a call, and returns its result or error. */
  function start(index: number): Promise<unknown> {
    const end = Promise.withResolvers<string>()
    ends[index] = end
    const work = () => {
      begun.push(index)
      return end.promise
    }
    return limited('client', work).catch((error: unknown) => error)
  }

  const results = [0, 1, 2, 3].map(start)
  t.match(await results[3], { statusCode: 503, headers: { 'retry-after': '1' } })
  t.same(begun, [0, 1])
  ends[0]?.resolve('done')
  t.equal(await results[0], 'done')
  t.same(begun, [0, 1, 2], 'the waiting call runs next')
  ends[1]?.reject('failed')
  t.equal(await results[1], 'failed')
  ends[2]?.resolve('done')
  t.equal(await results[2], 'done')
  results.push(...[4, 5, 6, 7].map(start))
  t.match(await results[7], { statusCode: 503 })
  t.same(begun, [0, 1, 2, 4, 5], 'afterwards as many calls run as before')
})

t.test(
  'clients take turns, and the one with the most waiting calls loses its latest',
  async (t) => {
    const limited = limitConcurrent({ running: 1, waiting: 3 })
    const begun: string[] = []
    const { promise: blocked, resolve } = Promise.withResolvers<void>()
    const start = (client: string, name: string) =>
      limited(client, async () => {
        begun.push(name)
        await blocked
      }).catch((error: unknown) => error)

    const results = ['first', 'a1', 'a2', 'a3', 'a4'].map((name) => start('a', name))
    t.match(await results[4], { statusCode: 503 }, 'the only client has too many')
    results.push(start('b', 'b1'))
    t.match(await results[3], { statusCode: 503 }, 'a has more than b')
    results.push(start('b', 'b2'))
    t.match(await results[6], { statusCode: 503 }, 'b would have as many as a')
    resolve()
    await Promise.all(results)
    t.same(begun, ['first', 'a1', 'b1', 'a2'])
  },
)

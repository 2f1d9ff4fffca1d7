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
    return limited(work).catch((error: unknown) => error)
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

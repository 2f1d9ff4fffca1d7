import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { type Channel, exchangeMetrics } from '../../../src/cluster/messages.ts'

const LEVEL = { name: 'level', help: '', type: 'gauge', values: [{ value: Number.NaN }] }
const LOAD = { ...LEVEL, name: 'load' }

/** Time limit of requests that get a response. */
const LONG_TIMEOUT_MS = 60_000

/** Returns the two ends of an asynchronous channel. */
function openChannel(): [Channel & EventEmitter, Channel & EventEmitter] {
  const ends = [new EventEmitter(), new EventEmitter()] as const
  const [one, other] = ends.map((end, index) =>
    Object.assign(end, {
      send: (message: unknown) => setImmediate(() => ends[1 - index]?.emit('message', message)),
    }),
  )
  return [one as Channel & EventEmitter, other as Channel & EventEmitter] // `map` of two ends returns two
}

t.test('each end can request the metrics of the other end', async (t) => {
  const [one, other] = openChannel()
  const requestOther = exchangeMetrics(one, async () => [LEVEL])
  const requestOne = exchangeMetrics(other, async () => [LOAD])
  const responses = await Promise.all([requestOther(LONG_TIMEOUT_MS), requestOne(LONG_TIMEOUT_MS)])
  t.same(responses, [[LOAD], [LEVEL]])
})

t.test('concurrent requests get their own responses, in any order', async (t) => {
  const [one, other] = openChannel()
  let requests = 0
  const request = exchangeMetrics(one, async () => [])
  exchangeMetrics(other, async () => {
    requests++
    if (requests === 2) return [LOAD]
    await sleep(10)
    return [LEVEL]
  })
  t.same(await Promise.all([request(LONG_TIMEOUT_MS), request(LONG_TIMEOUT_MS)]), [[LEVEL], [LOAD]])
})

t.test('other messages are ignored', async (t) => {
  const [one, other] = openChannel()
  const request = exchangeMetrics(one, async () => [])
  const received: unknown[] = []
  other.on('message', (message) => received.push(message))
  for (const message of ['ready', undefined, { act: 'drain' }]) one.emit('message', message)
  exchangeMetrics(other, async () => [LOAD])
  t.same(await request(LONG_TIMEOUT_MS), [LOAD])
  t.equal(received.length, 1, 'only the request was sent, and no response to other messages')
})

t.test(
  'a request returns undefined if the other end fails or does not respond in time',
  async (t) => {
    const [one, other] = openChannel()
    const request = exchangeMetrics(one, async () => [])
    t.equal(await request(1), undefined, 'undefined after the time limit')
    exchangeMetrics(other, async () => {
      throw new Error('no')
    })
    t.equal(await request(LONG_TIMEOUT_MS), undefined)
  },
)

t.test('a late response is not used for the next request', async (t) => {
  const [one, other] = openChannel()
  const request = exchangeMetrics(one, async () => [])
  const responses = [LEVEL, LOAD]
  exchangeMetrics(other, async () => {
    const [response = LEVEL] = responses.splice(0, 1)
    if (response === LEVEL) await sleep(20)
    return [response]
  })
  t.equal(await request(1), undefined)
  t.same(await request(LONG_TIMEOUT_MS), [LOAD])
})

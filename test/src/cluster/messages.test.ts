import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { type Channel, exchangeMetrics } from '../../../src/cluster/messages.ts'

const LEVEL = { name: 'level', help: '', type: 'gauge', values: [{ value: Number.NaN }] }
const LOAD = { ...LEVEL, name: 'load' }

/** How long an answer is waited for that comes, in milliseconds. */
const PATIENCE = 60_000

/** Both ends of a channel, which takes its time. */
function openChannel(): [Channel & EventEmitter, Channel & EventEmitter] {
  const ends = [new EventEmitter(), new EventEmitter()] as const
  const [one, other] = ends.map((end, index) =>
    Object.assign(end, {
      send: (message: unknown) => setImmediate(() => ends[1 - index]?.emit('message', message)),
    }),
  )
  return [one as Channel & EventEmitter, other as Channel & EventEmitter] // there are two
}

t.test('each end is told the metrics of the other', async (t) => {
  const [one, other] = openChannel()
  const askOther = exchangeMetrics(one, async () => [LEVEL])
  const askOne = exchangeMetrics(other, async () => [LOAD])
  const answers = await Promise.all([askOther(PATIENCE), askOne(PATIENCE)])
  t.same(answers, [[LOAD], [LEVEL]])
})

t.test(
  'who asks twice at a time is given both answers, in whichever order they come',
  async (t) => {
    const [one, other] = openChannel()
    let asked = 0
    const ask = exchangeMetrics(one, async () => [])
    exchangeMetrics(other, async () => {
      asked++
      if (asked === 2) return [LOAD]
      await sleep(10)
      return [LEVEL]
    })
    t.same(await Promise.all([ask(PATIENCE), ask(PATIENCE)]), [[LEVEL], [LOAD]])
  },
)

t.test('what else passes between them is left alone', async (t) => {
  const [one, other] = openChannel()
  const ask = exchangeMetrics(one, async () => [])
  const heard: unknown[] = []
  other.on('message', (message) => heard.push(message))
  for (const message of ['ready', undefined, { act: 'drain' }]) one.emit('message', message)
  exchangeMetrics(other, async () => [LOAD])
  t.same(await ask(PATIENCE), [LOAD])
  t.equal(heard.length, 1, 'one question, and no answer to what is none')
})

t.test('who cannot answer, or does not in time, is not waited for', async (t) => {
  const [one, other] = openChannel()
  const ask = exchangeMetrics(one, async () => [])
  t.equal(await ask(1), undefined, 'nobody is there')
  exchangeMetrics(other, async () => {
    throw new Error('no')
  })
  t.equal(await ask(PATIENCE), undefined)
})

t.test('an answer that comes late is none to the next question', async (t) => {
  const [one, other] = openChannel()
  const ask = exchangeMetrics(one, async () => [])
  const answers = [LEVEL, LOAD]
  exchangeMetrics(other, async () => {
    const [answer = LEVEL] = answers.splice(0, 1)
    if (answer === LEVEL) await sleep(20)
    return [answer]
  })
  t.equal(await ask(1), undefined)
  t.same(await ask(PATIENCE), [LOAD])
})

import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { lastingUrl, testOnEachEngine } from '../engines.ts'
import { startPostgres } from '../postgres-server.ts'
import { skipUnless } from '../requirement.ts'
import { FAST_START, startServer } from '../server.ts'
import type { Reply } from './client.ts'
import type { Entry } from './ledger.ts'
import { seededRandom } from './random.ts'
import { compareRows, repeatCreations, verify } from './verification.ts'
import { write } from './writers.ts'

/** How often the service is killed on each engine. */
const ROUNDS = Number(process.env.RELIABILITY_ROUNDS || 20)

/** What decides which writes are made, and after how many of them the end comes; the rest is chance. */
const SEED = Number(process.env.RELIABILITY_SEED || Date.now() % 2 ** 32)

t.setTimeout(60_000 + ROUNDS * 10_000)
t.comment(`RELIABILITY_ROUNDS=${ROUNDS} RELIABILITY_SEED=${SEED}`)

/** The end comes after this many acknowledged writes of a round at most. */
const WRITES = 100

/** How many articles are looked at in each round, more than a round makes; all are in the end. */
const RECENT = 150

/** It comes this many milliseconds later at most, so as to meet a write anywhere on its way. */
const LATENESS = 4

/** A busy machine may be slow to start: no promise of time is tested here. */
const ENVIRONMENT = { ...FAST_START, DATABASE_TIMEOUT: '10000' }

/** Gives what is to be told of each answer, and does something, once, at a random moment of a round. */
function atRandom(random: () => number, counts: Counts, act: () => void) {
  let left = 1 + Math.floor(random() * WRITES)
  const late = random() * LATENESS
  return ({ status }: Reply) => {
    if (status >= 300) return
    counts.acknowledged++
    left--
    if (left === 0) delay(late).then(act)
  }
}

interface Counts {
  acknowledged: number
  unanswered: number
}

function countPending(entries: Entry[]): number {
  return entries.filter(({ pending }) => pending).length
}

testOnEachEngine('a service that is killed loses no write, and doubles none', async (t) => {
  const directory = t.testdir()
  const DATABASE_URL = await lastingUrl(t)
  const start = () => startServer(t, { DATABASE_URL, ...ENVIRONMENT }, directory)
  const random = seededRandom(SEED)
  const entries: Entry[] = []
  const counts = { acknowledged: 0, unanswered: 0 }

  for (let round = 1; round <= ROUNDS; round++) {
    const { url, stop } = await start()
    await verify(t, url, entries.slice(-RECENT))
    const onReply = atRandom(random, counts, () => void stop('SIGKILL'))
    await write({ url, random, entries, onReply, isOver: () => false })
    counts.unanswered += countPending(entries)
    t.equal(await stop(), null, 'it was killed')
  }
  const { url, stop } = await start()
  await verify(t, url, entries)
  await repeatCreations(t, url, entries.slice(-RECENT))
  t.equal(await stop(), 0, 'it ends well')
  await compareRows(t, DATABASE_URL, entries)
  t.ok(counts.unanswered > 0, 'writes were under way')
  t.comment(JSON.stringify({ ...counts, articles: entries.length }))
})

t.test(
  'a PostgreSQL that is killed loses no write, and the service goes on by itself',
  { skip: skipUnless('postgresql') },
  async (t) => {
    const postgres = await startPostgres(t)
    const { url, stop } = await startServer(t, { DATABASE_URL: postgres.url, ...ENVIRONMENT })
    const random = seededRandom(SEED)
    const entries: Entry[] = []
    const counts = { acknowledged: 0, unanswered: 0 }

    for (let round = 1; round <= Math.ceil(ROUNDS / 4); round++) {
      let isOver = false
      const onReply = atRandom(random, counts, async () => {
        await postgres.crash()
        counts.unanswered += countPending(entries)
        await postgres.start()
        isOver = true
      })
      await write({ url, random, entries, onReply, isOver: () => isOver })
      await verify(t, url, entries)
    }
    await repeatCreations(t, url, entries.slice(-RECENT))
    t.equal(await stop(), 0, 'it ends well')
    await compareRows(t, postgres.url, entries)
    t.ok(counts.unanswered > 0, 'writes were under way')
    t.comment(JSON.stringify({ ...counts, articles: entries.length }))
  },
)

import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { lastingUrl, testOnEachEngine } from '../engines.ts'
import { FIXTURES } from '../fixtures/register.ts'
import { startPostgres } from '../postgres-server.ts'
import { skipUnless } from '../requirement.ts'
import { FAST_START, startServer } from '../server.ts'
import type { Reply } from './client.ts'
import type { Entry } from './ledger.ts'
import { seededRandom } from './random.ts'
import { compareRows, repeatCreations, verify } from './verification.ts'
import { write } from './writers.ts'

/** Number of kills per database engine. */
const ROUNDS = Number(process.env.RELIABILITY_ROUNDS || 20)

/** Seed of the writes and of the moments of the kills. The timing of the processes still varies. */
const SEED = Number(process.env.RELIABILITY_SEED || Date.now() % 2 ** 32)

t.setTimeout(60_000 + ROUNDS * 20_000)
t.comment(`RELIABILITY_ROUNDS=${ROUNDS} RELIABILITY_SEED=${SEED}`)

/** Maximum number of acknowledged writes per round before the kill. */
const MAX_WRITES = 100

/** Number of notes to check in each round, which is more than a round creates. The last check covers all notes. */
const RECENT_NOTES = 150

/** Maximum delay between the last response and the kill, so that the kill interrupts writes at any stage. */
const MAX_DELAY_MS = 4

/** Environment with a long timeout, because the machine may be under load and these tests do not measure time. */
const ENVIRONMENT = { ...FAST_START, DATABASE_TIMEOUT: '10000' }

/** Returns a listener for the responses of a round. It calls `act` once, at a random moment. */
function atRandom(random: () => number, counts: Counts, act: () => void) {
  let left = 1 + Math.floor(random() * MAX_WRITES)
  const delayMs = random() * MAX_DELAY_MS
  return ({ status }: Reply) => {
    if (status >= 300) return
    counts.acknowledged++
    left--
    if (left === 0) delay(delayMs).then(act)
  }
}

interface Counts {
  acknowledged: number
  unanswered: number
}

function countPending(entries: Entry[]): number {
  return entries.filter(({ pending }) => pending).length
}

testOnEachEngine(
  'a killed service neither loses nor duplicates an acknowledged write',
  async (t) => {
    const directory = t.testdir()
    const DATABASE_URL = await lastingUrl(t)
    const start = () => startServer(t, { DATABASE_URL, ...ENVIRONMENT }, directory, FIXTURES)
    const random = seededRandom(SEED)
    const entries: Entry[] = []
    const counts = { acknowledged: 0, unanswered: 0 }

    for (let round = 1; round <= ROUNDS; round++) {
      const { url, stop } = await start()
      await verify(t, url, entries.slice(-RECENT_NOTES))
      const onReply = atRandom(random, counts, () => void stop('SIGKILL'))
      await write({ url, random, entries, onReply, isOver: () => false })
      counts.unanswered += countPending(entries)
      t.equal(await stop(), null, 'the kill ended the service')
    }
    const { url, stop } = await start()
    await verify(t, url, entries)
    await repeatCreations(t, url, entries.slice(-RECENT_NOTES))
    t.equal(await stop(), 0, 'the service ends with exit code 0')
    await compareRows(t, DATABASE_URL, entries)
    t.ok(counts.unanswered > 0, 'kills interrupted writes in progress')
    t.comment(JSON.stringify({ ...counts, notes: entries.length }))
  },
)

t.test(
  'no write is lost if PostgreSQL is killed, and the service recovers by itself',
  { skip: skipUnless('postgresql') },
  async (t) => {
    const postgres = await startPostgres(t)
    const { url, stop } = await startServer(
      t,
      { DATABASE_URL: postgres.url, ...ENVIRONMENT },
      undefined,
      FIXTURES,
    )
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
    await repeatCreations(t, url, entries.slice(-RECENT_NOTES))
    t.equal(await stop(), 0, 'the service ends with exit code 0')
    await compareRows(t, postgres.url, entries)
    t.ok(counts.unanswered > 0, 'kills interrupted writes in progress')
    t.comment(JSON.stringify({ ...counts, notes: entries.length }))
  },
)

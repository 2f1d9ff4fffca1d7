/** Runs an older and a later release on one database, and rolls back, while clients write through each of them. */
import type { Test } from 'tap'
import { lastingUrl } from '../engines.ts'
import { FAST_START } from '../server.ts'
import type { Reply } from './client.ts'
import { type Entry, NOTES, type Resource } from './ledger.ts'
import { type Release, startRelease } from './next-release.ts'
import { seededRandom } from './random.ts'
import { compareRows, repeatCreations, verify } from './verification.ts'
import { write } from './writers.ts'

/** Number of acknowledged writes in each step, so that each client makes some. */
const WRITES = 150

/** Number of creations that are repeated at the end. */
const REPEATED = 300

/** Starts clients that write through one replica, and record this in the ledger of all replicas. */
function startWriters(url: string, resource: Resource, entries: Entry[], seed: number) {
  let acknowledged = 0
  let isStopped = false
  const waiting = new Set<() => void>()
  const onReply = ({ status }: Reply) => {
    if (status < 300) acknowledged++
    for (const check of waiting) check()
  }
  const random = seededRandom(seed)
  const end = write({ url, random, resource, entries, onReply, isOver: () => isStopped })
  return {
    /** Waits until further writes are acknowledged. */
    async more() {
      const target = acknowledged + WRITES
      const { promise, resolve } = Promise.withResolvers<void>()
      const check = () => acknowledged >= target && resolve()
      waiting.add(check)
      await Promise.race([promise, end.then(() => Promise.reject(new Error('the writers ended')))])
      waiting.delete(check)
    },
    /** Resolves when the writers have ended, since their replica has. */
    end,
    async stop() {
      isStopped = true
      await end
    },
  }
}

interface RollBackOptions {
  /** Resource of both releases that the clients write. */
  resource: Resource
  /** Starts a release that has the resource. */
  start: typeof startRelease
}

/**
 * Starts an older release, and beside it a later one that migrates the database. Then starts the older one again, ends
 * the later one, and compares all acknowledged writes with the database.
 *
 * @returns the environment and the ledger, and the log of the older release after its second start
 */
export async function rollBack(
  t: Test,
  older: Release,
  later: Release,
  { resource, start }: RollBackOptions = { resource: NOTES, start: startRelease },
) {
  const DATABASE_URL = await lastingUrl(t)
  const environment = { ...FAST_START, DATABASE_URL, DATABASE_TIMEOUT: '10000' }
  const entries: Entry[] = []

  const first = await start(t, older, environment)
  const firstWriters = startWriters(first.url, resource, entries, 1)
  await firstWriters.more()
  const next = await start(t, later, environment)
  const nextWriters = startWriters(next.url, resource, entries, 2)
  await Promise.all([firstWriters.more(), nextWriters.more()])

  t.equal(await first.stop(), 0, 'the older release ends in the middle of the rollout')
  await firstWriters.end
  const second = await start(t, older, environment)
  const secondWriters = startWriters(second.url, resource, entries, 3)
  await Promise.all([secondWriters.more(), nextWriters.more()])

  t.equal(await next.stop(), 0, 'the later release is rolled back')
  await nextWriters.end
  await secondWriters.more()
  await secondWriters.stop()
  await verify(t, second.url, entries)
  await repeatCreations(t, second.url, entries.slice(-REPEATED))
  t.equal(await second.stop(), 0)
  await compareRows(t, DATABASE_URL, entries, resource)
  return { DATABASE_URL, environment, entries, lines: second.lines }
}

import { setTimeout as delay } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import type { Write } from '../database.ts'
import type { Schema } from '../schema.ts'
import { DatabaseFull, DatabaseUnavailable } from './failure.ts'

/** How long to wait before asking again for a file that another process writes to, in milliseconds. */
const PAUSE = 5

/**
 * How long the works of one commit may take, in milliseconds; the others come in the next, behind the
 * requests that read, and behind another process that writes.
 */
const TURN = 25

/** Work that waits for its turn. */
interface Job {
  /** Whether it has a transaction of its own: together with others it did not fit on the disk. */
  isAlone?: boolean
  /** When it is told that it has waited too long, as `performance.now()` tells time. */
  deadline: number
  work(writer: Kysely<Schema>): Promise<unknown>
  resolve(result: unknown): void
  reject(error: unknown): void
}

/**
 * Gives a `Write` for an engine with one writer: what arrives while another write is on its way to the
 * disk is committed together, and the disk is waited for once. Each work stands or falls alone.
 *
 * @param timeout how long to wait for a writer in another process, in milliseconds.
 */
export function groupCommits(writer: Kysely<Schema>, timeout: number): Write {
  const queue = createQueue()
  let isRunning = false

  async function run() {
    const isOver = await settle(writer, queue)
    isRunning = !queue.isEmpty()
    if (!isRunning) return
    if (isOver) setImmediate(run)
    else setTimeout(run, PAUSE)
  }

  return <Result>(work: (writer: Kysely<Schema>) => Promise<Result>) =>
    new Promise<Result>((resolve, reject) => {
      const deadline = performance.now() + timeout
      // the job's own result comes back to it
      queue.add({ deadline, work, resolve: resolve as Job['resolve'], reject })
      if (isRunning) return
      isRunning = true
      // after the other requests that have arrived by now, and the timers that are due
      setImmediate(run)
    })
}

type Queue = ReturnType<typeof createQueue>

function createQueue() {
  let jobs: Job[] = []
  return {
    isEmpty: () => jobs.length === 0,
    add: (job: Job) => void jobs.push(job),
    /** Takes the jobs that are to be committed together. */
    take(): Job[] {
      const count = jobs.findIndex(({ isAlone }) => isAlone)
      return jobs.splice(0, count < 0 ? jobs.length : Math.max(count, 1))
    },
    /** Has jobs wait again, before all others. */
    putBack: (others: Job[]) => void jobs.unshift(...others),
    /** Tells why it cannot be to those that waiting does not help, each from when it came. */
    refuse(error: unknown) {
      const now =
        error instanceof DatabaseUnavailable ? performance.now() : Number.POSITIVE_INFINITY
      for (const { deadline, reject } of jobs) if (deadline <= now) reject(error)
      jobs = jobs.filter(({ deadline }) => deadline > now)
    },
  }
}

/**
 * Runs the jobs that wait, as many as have time, and tells each how it ended once that is on the disk.
 *
 * @returns whether there was time for all.
 */
async function settle(writer: Kysely<Schema>, queue: Queue): Promise<boolean> {
  let jobs: Job[] = []
  try {
    const endings = await writer.connection().execute(async (connection) => {
      jobs = await begin(connection, queue)
      return commit(connection, jobs)
    })
    const late = jobs.slice(endings.length)
    queue.putBack(late)
    for (const end of endings) end()
    return late.length === 0
  } catch (error) {
    fail(queue, jobs, error)
    return true
  }
}

/** Tells jobs that their transaction is lost; where one may have been too large for the disk, tries each alone. */
function fail(queue: Queue, jobs: Job[], error: unknown) {
  if (error instanceof DatabaseFull && jobs.length > 1) {
    queue.putBack(jobs.map((job) => ({ ...job, isAlone: true })))
    return
  }
  for (const { reject } of jobs.length > 0 ? jobs : queue.take()) reject(error)
}

/** Runs the jobs that there is time for, from the first, and gives what is to tell each how it ended. */
async function commit(connection: Kysely<Schema>, jobs: Job[]): Promise<(() => void)[]> {
  const endings: (() => void)[] = []
  if (jobs.length === 0) return endings
  const end = performance.now() + TURN
  try {
    for (const job of jobs) {
      if (endings.length > 0 && performance.now() > end) break
      endings.push(await attempt(connection, job))
    }
    await sql`commit`.execute(connection)
    return endings
  } catch (error) {
    // a full disk has ended the transaction already
    await sql`rollback`.execute(connection).catch(() => {})
    throw error
  }
}

/**
 * Runs one job within the transaction; what it wrote goes if it fails.
 *
 * @throws where the transaction itself is lost.
 */
async function attempt(connection: Kysely<Schema>, { work, resolve, reject }: Job) {
  await sql`savepoint job`.execute(connection)
  try {
    const result = await work(connection)
    await sql`release job`.execute(connection)
    return () => resolve(result)
  } catch (error) {
    try {
      await sql`rollback to job`.execute(connection)
      await sql`release job`.execute(connection)
    } catch {
      throw error
    }
    return () => reject(error)
  }
}

/**
 * Begins a transaction and gives the jobs that are to run in it; none, and none begun, where nobody is
 * left who waits. It does not block while another process writes: reads are answered meanwhile.
 */
async function begin(connection: Kysely<Schema>, queue: Queue): Promise<Job[]> {
  for (;;) {
    try {
      await sql`begin immediate`.execute(connection)
      return queue.take()
    } catch (error) {
      queue.refuse(error)
      if (queue.isEmpty()) return []
      await delay(PAUSE)
    }
  }
}

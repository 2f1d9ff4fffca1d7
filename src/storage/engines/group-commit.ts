import { setTimeout as delay } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import type { Write } from '../database.ts'
import type { Schema } from '../schema.ts'
import { DatabaseUnavailable } from './failure.ts'

/** How long to wait before asking again for a file that another process writes to, in milliseconds. */
const PAUSE = 5

/** Work that waits for its turn. */
interface Job {
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
    await settle(writer, queue)
    isRunning = !queue.isEmpty()
    if (isRunning) setImmediate(run)
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
    takeAll(): Job[] {
      const all = jobs
      jobs = []
      return all
    },
    /** Tells why it cannot be to those that waiting does not help, each from when it came. */
    refuse(error: unknown) {
      const now =
        error instanceof DatabaseUnavailable ? performance.now() : Number.POSITIVE_INFINITY
      for (const { deadline, reject } of jobs) if (deadline <= now) reject(error)
      jobs = jobs.filter(({ deadline }) => deadline > now)
    },
  }
}

/** Runs the jobs that wait, and tells each how it ended once that is on the disk. */
async function settle(writer: Kysely<Schema>, queue: Queue) {
  let jobs: Job[] | undefined
  try {
    const endings = await writer.connection().execute(async (connection) => {
      jobs = await begin(connection, queue)
      return commit(connection, jobs)
    })
    for (const end of endings) end()
  } catch (error) {
    for (const { reject } of jobs ?? queue.takeAll()) reject(error)
  }
}

/** Runs the jobs in the transaction, and gives what is to tell each of them how it ended. */
async function commit(connection: Kysely<Schema>, jobs: Job[]) {
  const endings: (() => void)[] = []
  if (jobs.length === 0) return endings
  try {
    for (const job of jobs) endings.push(await attempt(connection, job))
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
      return queue.takeAll()
    } catch (error) {
      queue.refuse(error)
      if (queue.isEmpty()) return []
      await delay(PAUSE)
    }
  }
}

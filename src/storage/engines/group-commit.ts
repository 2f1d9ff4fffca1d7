/**
 * Group commit for an engine with one writer. Jobs that arrive while a commit waits for the disk are committed
 * together, so that they wait for the disk only once. Each job succeeds or fails alone.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import type { OnWait, Write } from '../database.ts'
import type { Schema } from '../schema.ts'
import { ConstraintViolation, DatabaseFull, DatabaseUnavailable } from './failure.ts'

/** Interval of retries while another process writes to the file. */
const RETRY_INTERVAL_MS = 5

/**
 * Time that the jobs of one commit may take. Further jobs run in the next commit, after a pause in which reads and
 * writes of other processes can run.
 */
const COMMIT_BUDGET_MS = 25

/** Number of retries between two calls of `onWait`, which take about three seconds. */
const RETRIES_PER_REPORT = 600

interface Job {
  /** True if the job needs its own transaction, since the group of jobs could not be committed. */
  isAlone?: boolean
  /** End of the wait for another process, as a time of `performance.now()`. */
  deadline: number
  work(writer: Kysely<Schema>): Promise<unknown>
  resolve(result: unknown): void
  reject(error: unknown): void
}

/**
 * Returns a `Write` that commits in groups.
 *
 * @param timeoutMs time that a job waits while another process writes
 * @param verify called before each commit; if it throws, the jobs fail with its error
 * @param onWait called every few seconds while jobs wait for another process
 */
export function groupCommits(
  writer: Kysely<Schema>,
  timeoutMs: number,
  verify: () => void = () => {},
  onWait?: OnWait,
): Write {
  const queue = createQueue()
  let isRunning = false

  async function run() {
    const isDone = await runJobs(writer, queue, { verify, onWait })
    isRunning = !queue.isEmpty()
    if (!isRunning) return
    if (isDone) setImmediate(run)
    else setTimeout(run, RETRY_INTERVAL_MS)
  }

  return <Result>(work: (writer: Kysely<Schema>) => Promise<Result>) =>
    new Promise<Result>((resolve, reject) => {
      const deadline = performance.now() + timeoutMs
      // The cast holds because the promise is resolved with the result of `work`.
      queue.add({ deadline, work, resolve: resolve as Job['resolve'], reject })
      if (isRunning) return
      isRunning = true
      // Runs after the other requests of this event-loop iteration, so that they share the commit.
      setImmediate(run)
    })
}

type Queue = ReturnType<typeof createQueue>

function createQueue() {
  let jobs: Job[] = []
  return {
    isEmpty: () => jobs.length === 0,
    add: (job: Job) => void jobs.push(job),
    /** Removes the jobs of the next commit from the queue. */
    take(): Job[] {
      const count = jobs.findIndex(({ isAlone }) => isAlone)
      return jobs.splice(0, count < 0 ? jobs.length : Math.max(count, 1))
    },
    /** Puts jobs back at the head of the queue. */
    putBack: (others: Job[]) => void jobs.unshift(...others),
    /** Rejects jobs that have waited too long. For an error other than DatabaseUnavailable, rejects all jobs. */
    refuse(error: unknown) {
      const now =
        error instanceof DatabaseUnavailable ? performance.now() : Number.POSITIVE_INFINITY
      for (const { deadline, reject } of jobs) if (deadline <= now) reject(error)
      jobs = jobs.filter(({ deadline }) => deadline > now)
    },
  }
}

/**
 * Runs queued jobs within the time budget, and settles their promises after the commit.
 *
 * @returns false if the time was not enough for all jobs
 */
async function runJobs(
  writer: Kysely<Schema>,
  queue: Queue,
  { verify, onWait }: { verify(): void; onWait: OnWait | undefined },
): Promise<boolean> {
  let jobs: Job[] = []
  try {
    const settlements = await writer.connection().execute(async (connection) => {
      jobs = await begin(connection, queue, onWait)
      return commit(connection, jobs, verify)
    })
    const rest = jobs.slice(settlements.length)
    queue.putBack(rest)
    for (const settle of settlements) settle()
    return rest.length === 0
  } catch (error) {
    fail(queue, jobs, error)
    return true
  }
}

/**
 * Rejects the jobs of a failed transaction. If the transaction was too large for the disk, or one of the jobs broke a
 * deferred constraint, retries each job in its own transaction.
 */
function fail(queue: Queue, jobs: Job[], error: unknown) {
  const isOfOneJob = error instanceof DatabaseFull || error instanceof ConstraintViolation
  if (isOfOneJob && jobs.length > 1) {
    queue.putBack(jobs.map((job) => ({ ...job, isAlone: true })))
    return
  }
  for (const { reject } of jobs.length > 0 ? jobs : queue.take()) reject(error)
}

/** Runs jobs in order within the time budget, and commits. Returns a function for each job that settles its promise. */
async function commit(
  connection: Kysely<Schema>,
  jobs: Job[],
  verify: () => void,
): Promise<(() => void)[]> {
  const settlements: (() => void)[] = []
  if (jobs.length === 0) return settlements
  const end = performance.now() + COMMIT_BUDGET_MS
  try {
    for (const job of jobs) {
      if (settlements.length > 0 && performance.now() > end) break
      settlements.push(await runJob(connection, job))
    }
    verify()
    await sql`commit`.execute(connection)
    return settlements
  } catch (error) {
    // A full disk has already ended the transaction, so the rollback may fail.
    await sql`rollback`.execute(connection).catch(() => {})
    throw error
  }
}

/**
 * Runs one job within the transaction, and undoes the changes if the job fails.
 *
 * @returns a function that settles the promise of the job
 * @throws if the whole transaction has failed
 */
async function runJob(connection: Kysely<Schema>, { work, resolve, reject }: Job) {
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
 * Begins a transaction, and returns its jobs. While another process writes, waits without blocking the event loop, so
 * that reads can run. If all jobs have timed out, begins no transaction and returns an empty list.
 */
async function begin(connection: Kysely<Schema>, queue: Queue, onWait?: OnWait): Promise<Job[]> {
  let retries = 0
  for (;;) {
    try {
      await sql`begin immediate`.execute(connection)
      return queue.take()
    } catch (error) {
      queue.refuse(error)
      if (queue.isEmpty()) return []
      if (++retries % RETRIES_PER_REPORT === 0) onWait?.('another process that writes to the file')
      await delay(RETRY_INTERVAL_MS)
    }
  }
}

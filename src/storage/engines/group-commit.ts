/**
 * Group commit for an engine with one writer. Jobs that arrive while a commit waits for the disk are committed
 * together, so that they wait for the disk only once. Each job succeeds or fails alone.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import type { OnWait, Write } from '../database.ts'
import type { Schema } from '../schema.ts'
import { createQueue, type Job, type Queue } from './commit-queue.ts'
import { ConstraintViolation, DatabaseFull } from './failure.ts'

/** Interval of retries while another process writes to the file. */
const RETRY_INTERVAL_MS = 5

/**
 * Time that the jobs of one commit may take. Further jobs run in the next commit, after a pause in which reads and
 * writes of other processes can run.
 */
const COMMIT_BUDGET_MS = 25

/** Number of retries between two calls of `onWait`, which take about three seconds. */
const RETRIES_PER_REPORT = 600

/** The connection that writes. */
export interface Writer {
  queries: Kysely<Schema>
  /** Runs a statement at once. The query builder would take longer than the statement. */
  run(statement: string): void
}

/**
 * Returns a `Write` that commits in groups.
 *
 * @param timeoutMs time that a job waits while another process writes
 * @param verify called before each commit; if it throws, the jobs fail with its error
 * @param onWait called every few seconds while jobs wait for another process
 */
export function groupCommits(
  writer: Writer,
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

/**
 * Runs queued jobs within the time budget, and settles their promises after the commit.
 *
 * @returns false if the time was not enough for all jobs
 */
async function runJobs(
  writer: Writer,
  queue: Queue,
  { verify, onWait }: { verify(): void; onWait: OnWait | undefined },
): Promise<boolean> {
  let jobs: Job[] = []
  try {
    const settlements = await writer.queries.connection().execute(async (queries) => {
      jobs = await begin(writer, queue, onWait)
      return commit({ ...writer, queries }, jobs, verify)
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
async function commit(writer: Writer, jobs: Job[], verify: () => void): Promise<(() => void)[]> {
  const settlements: (() => void)[] = []
  if (jobs.length === 0) return settlements
  const end = performance.now() + COMMIT_BUDGET_MS
  try {
    for (const job of jobs) {
      if (settlements.length > 0 && performance.now() > end) break
      settlements.push(await (jobs.length > 1 ? runJob(writer, job) : runAlone(writer, job)))
    }
    verify()
    writer.run('commit')
    return settlements
  } catch (error) {
    // A full disk has already ended the transaction, so the rollback may fail.
    try {
      writer.run('rollback')
    } catch {}
    throw error
  }
}

/**
 * Runs one job within the transaction, and undoes the changes if the job fails.
 *
 * @returns a function that settles the promise of the job
 * @throws if the whole transaction has failed
 */
async function runJob({ queries, run }: Writer, { work, resolve, reject }: Job) {
  run('savepoint job')
  try {
    const result = await work(queries)
    run('release job')
    return () => resolve(result)
  } catch (error) {
    try {
      run('rollback to job')
      run('release job')
    } catch {
      throw error
    }
    return () => reject(error)
  }
}

/** Runs the only job of a transaction. If it fails, the transaction fails. */
async function runAlone({ queries }: Writer, { work, resolve }: Job) {
  const result = await work(queries)
  return () => resolve(result)
}

/**
 * Begins a transaction, and returns its jobs. While another process writes, waits without blocking the event loop, so
 * that reads can run. If all jobs have timed out, begins no transaction and returns an empty list.
 */
async function begin({ run }: Writer, queue: Queue, onWait?: OnWait): Promise<Job[]> {
  let retries = 0
  for (;;) {
    try {
      run('begin immediate')
      return queue.take()
    } catch (error) {
      queue.refuse(error)
      if (queue.isEmpty()) return []
      if (++retries % RETRIES_PER_REPORT === 0) onWait?.('another process that writes to the file')
      await delay(RETRY_INTERVAL_MS)
    }
  }
}

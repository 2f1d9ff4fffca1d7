import { setTimeout as delay } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import type { Write } from './database.ts'
import { DatabaseUnavailable } from './failure.ts'
import type { Schema } from './schema.ts'

/** How long to wait before asking again for a file that another process writes to, in milliseconds. */
const PAUSE = 5

/** Work that waits for its turn. */
interface Job {
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
  let waiting: Job[] = []
  let isRunning = false

  async function run() {
    while (waiting.length > 0) {
      const jobs = waiting
      waiting = []
      await settle(writer, jobs, timeout)
    }
    isRunning = false
  }

  return <Result>(work: (writer: Kysely<Schema>) => Promise<Result>) =>
    new Promise<Result>((resolve, reject) => {
      // the job's own result comes back to it
      waiting.push({ work, resolve: resolve as Job['resolve'], reject })
      if (isRunning) return
      isRunning = true
      // after the other requests that have arrived by now
      setImmediate(run)
    })
}

/** Runs the jobs, and tells each how it ended once that is on the disk. */
async function settle(writer: Kysely<Schema>, jobs: Job[], timeout: number) {
  try {
    const endings = await writer
      .connection()
      .execute((connection) => commit(connection, jobs, timeout))
    for (const end of endings) end()
  } catch (error) {
    for (const { reject } of jobs) reject(error)
  }
}

/** Runs the jobs in one transaction, and gives what is to tell each of them how it ended. */
async function commit(connection: Kysely<Schema>, jobs: Job[], timeout: number) {
  const endings: (() => void)[] = []
  try {
    await begin(connection, timeout)
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

/** Waits without blocking: reads are answered meanwhile. */
async function begin(connection: Kysely<Schema>, timeout: number) {
  const deadline = performance.now() + timeout
  for (;;) {
    try {
      await sql`begin immediate`.execute(connection)
      return
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable) || performance.now() > deadline) throw error
      await delay(PAUSE)
    }
  }
}

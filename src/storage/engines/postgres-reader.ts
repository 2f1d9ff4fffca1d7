/**
 * Reads of single statements. The reads of one turn of the event loop are sent together, over one connection, since a
 * connection for each read would take more CPU time: for the pool, for system calls, and for reading few bytes at once.
 */
import type { Writable } from 'node:stream'
import type { CompiledQuery } from 'kysely'
import type pg from 'pg'
import type { MeasureQuery, Read } from '../database.ts'
import { DatabaseUnavailable } from './failure.ts'
import { keepsSession } from './postgres-session.ts'

/** Maximum number of reads that are sent together. The server runs them one after another, so a slow one delays the others. */
const MAX_BATCH = 16

/** Maximum number of prepared statements of a connection; further statements are planned each time. */
const MAX_PREPARED = 200

/**
 * Error codes of a prepared statement that can no longer be used: a migration has changed the type of a column, or
 * another program has discarded the statement.
 */
const CANNOT_REUSE = ['0A000', '26000']

interface Job {
  query: CompiledQuery
  hasOnePlan: boolean
  resolve(rows: unknown[]): void
  reject(error: unknown): void
}

interface Options {
  /** Takes a connection of the pool. */
  take(): Promise<pg.PoolClient>
  /** Reads through the query builder, which takes a connection for each statement. */
  readAlone: Read
  translate(error: Error, statement: string): Error
  measure: MeasureQuery | undefined
}

/** Returns a `Read`. Connections of poolers run one statement at a time. */
export function createReader({ take, readAlone, translate, measure }: Options): Read {
  const names = new Map<string, string>()
  let waiting: Job[] = []

  function nameOf({ query: { sql }, hasOnePlan }: Job): string | undefined {
    if (!hasOnePlan) return undefined
    if (!names.has(sql) && names.size < MAX_PREPARED) names.set(sql, `read_${names.size}`)
    return names.get(sql)
  }

  function sendWaiting() {
    const jobs = waiting
    waiting = []
    for (let from = 0; from < jobs.length; from += MAX_BATCH) {
      void send(jobs.slice(from, from + MAX_BATCH))
    }
  }

  async function send(jobs: Job[]) {
    try {
      const client = await take()
      if (keepsSession(client)) return sendOver(client, jobs)
      client.release()
      for (const job of jobs) runAlone(job)
    } catch (error) {
      for (const { reject } of jobs) reject(error)
    }
  }

  function runAlone({ query, resolve, reject }: Job) {
    readAlone(query).then(resolve, reject)
  }

  function sendOver(client: pg.PoolClient, jobs: Job[]) {
    // The driver's types lack the connection.
    const { stream } = (client as unknown as { connection: { stream: Writable } }).connection
    let [unfinished, isBroken] = [jobs.length, false]
    stream.cork()
    for (const job of jobs) {
      run(client, job, (error) => {
        isBroken ||= error
        unfinished--
        if (unfinished === 0) client.release(isBroken)
      })
    }
    stream.uncork()
  }

  /** @param finish called with true if the connection cannot be used again */
  function run(client: pg.PoolClient, job: Job, finish: (isBroken: boolean) => void) {
    const { sql: text, parameters } = job.query
    const begin = performance.now()
    const name = nameOf(job)
    client.query(
      { ...(name && { name }), text, values: [...parameters] },
      (error: (Error & { code?: string }) | null, result) => {
        if (!error) {
          measure?.(text)?.((performance.now() - begin) / 1_000)
          finish(false)
          job.resolve(result.rows)
        } else if (name !== undefined && CANNOT_REUSE.includes(String(error.code))) {
          finish(true)
          runAlone(job)
        } else {
          const failure = translate(error, text)
          finish(failure instanceof DatabaseUnavailable)
          job.reject(failure)
        }
      },
    )
  }

  return (query, { hasOnePlan = false, mayBeSlow = false } = {}) => {
    if (mayBeSlow) return readAlone(query)
    return new Promise((resolve, reject) => {
      // The rows have the type of the query.
      waiting.push({ query, hasOnePlan, resolve: resolve as Job['resolve'], reject })
      if (waiting.length === 1) setImmediate(sendWaiting)
    })
  }
}

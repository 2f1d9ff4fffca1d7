/** The queue of jobs that wait for a group commit. */
import type { Kysely } from 'kysely'
import type { Schema } from '../schema.ts'
import { DatabaseUnavailable } from './failure.ts'

export interface Job {
  /** True if the job needs its own transaction, since the group of jobs could not be committed. */
  isAlone?: boolean
  /** End of the wait for another process, as a time of `performance.now()`. */
  deadline: number
  work(writer: Kysely<Schema>): Promise<unknown>
  resolve(result: unknown): void
  reject(error: unknown): void
}

export type Queue = ReturnType<typeof createQueue>

export function createQueue() {
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

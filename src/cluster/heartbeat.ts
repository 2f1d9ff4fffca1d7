/** Heartbeats of the workers, from which the supervisor learns that a worker hangs. */
import type { Worker } from 'node:cluster'
import type { WorkerMessage } from './messages.ts'

/** Interval of the messages of a worker. A blocked event loop or a stopped process sends none. */
const INTERVAL_MS = 1_000

/** Number of intervals without a message after which a worker hangs. */
const MAX_MISSED = 5

/** The same for a worker that starts. It sends nothing while it loads its modules, which takes seconds on a slow machine. */
const MAX_MISSED_STARTING = 20

/** Sends a heartbeat in each interval. */
export function sendHeartbeats(send: (message: WorkerMessage) => void): void {
  setInterval(() => send('alive'), INTERVAL_MS).unref()
}

/**
 * Calls back once if the worker sends nothing for `MAX_MISSED` intervals. Counts intervals of the supervisor instead of
 * time, since a machine that was suspended has stopped both processes.
 *
 * @param isFirst true for the first worker, which is not watched until it listens, since its migration can block it
 */
export function watchHeartbeats(worker: Worker, isFirst: boolean, onHang: () => void): void {
  let missed = 0
  let limit = isFirst ? Number.POSITIVE_INFINITY : MAX_MISSED_STARTING
  const timer = setInterval(() => {
    missed++
    if (missed <= limit) return
    clearInterval(timer)
    onHang()
  }, INTERVAL_MS)
  worker.on('message', (message: WorkerMessage) => {
    missed = 0
    if (message === 'listening') limit = MAX_MISSED
  })
  worker.once('exit', () => clearInterval(timer))
}

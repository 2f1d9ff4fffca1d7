/** Heartbeats of the workers, from which the supervisor learns that a worker hangs. */
import type { Worker } from 'node:cluster'
import type { WorkerMessage } from './messages.ts'

/** Interval of the messages of a worker. A blocked event loop or a stopped process sends none. */
const INTERVAL_MS = 1_000

/** Number of intervals without a message after which a worker hangs. */
const MAX_MISSED = 5

/** Sends a heartbeat in each interval. */
export function sendHeartbeats(send: (message: WorkerMessage) => void): void {
  setInterval(() => send('alive'), INTERVAL_MS).unref()
}

/**
 * Calls back once if the worker sends nothing for `MAX_MISSED` intervals. Counts intervals of the supervisor instead of
 * time, since a machine that was suspended has stopped both processes.
 */
export function watchHeartbeats(worker: Worker, onHang: () => void): void {
  let missed = 0
  const timer = setInterval(() => {
    missed++
    if (missed <= MAX_MISSED) return
    clearInterval(timer)
    onHang()
  }, INTERVAL_MS)
  worker.on('message', () => {
    missed = 0
  })
  worker.once('exit', () => clearInterval(timer))
}

/** Supervisor: runs several processes of the service on one port, and replaces those that exit or hang. */
import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { onStopSignal } from '../stop-signals.js'
import { watchHeartbeats } from './heartbeat.ts'
import type { SupervisorMessage, WorkerMessage } from './messages.ts'
import { aggregateMetrics, type WorkerSlot } from './worker-metrics.ts'

/** Delay of the first restart. Each further restart doubles the delay. */
const MIN_RESTART_DELAY_MS = 100
const MAX_RESTART_DELAY_MS = 10_000

/** This fraction of a worker's uptime is subtracted from the next delay. A crash after hours is not a crash loop. */
const UPTIME_DISCOUNT = 0.01

/** Time after which workers are killed that have not closed. They close within 1.25 s (plugins/shutdown.ts). */
const KILL_AFTER_MS = 1_500

type LogError = (details: object, message: string) => void

interface Options {
  /** Number of workers. */
  count: number
  /** Time in which the workers answer the requests in flight during a shutdown. */
  shutdownMs: number
  logError: LogError
}

/**
 * Runs workers until a signal. The first worker starts alone, so that one process migrates the database, and start
 * errors are reported once. A second signal kills the workers.
 *
 * @returns the exit code: 0, or 1 if the first worker could not start, if a worker had to cut connections, or if a
 * worker hung during the shutdown
 */
export async function supervise(options: Options): Promise<number> {
  const { count, logError } = options
  // The default serialization, JSON, cannot represent NaN, which is a valid value of a gauge.
  cluster.setupPrimary({ serialization: 'advanced' })
  const shutdown = new AbortController()
  const listening = trackListening(count, shutdown.signal)
  shutDownOnSignal(shutdown, listening, options)
  const addSlot = aggregateMetrics()
  let exitCode = 0

  async function run(slot: WorkerSlot, isFirst = false): Promise<number> {
    const worker = cluster.fork()
    slot.assign(worker)
    worker.on('message', (message: WorkerMessage) => {
      if (message === 'listening') listening.add(worker)
      if (message === 'not-listening') listening.remove(worker)
    })
    watchHeartbeats(worker, isFirst, () => {
      logError({ worker: slot.name }, 'worker hangs: killing it')
      slot.countHang()
      if (shutdown.signal.aborted) exitCode = 1
      worker.process.kill('SIGKILL')
    })
    const [code, signal] = await once(worker, 'exit')
    const hasListened = listening.remove(worker)
    if (shutdown.signal.aborted) {
      if (!signal) exitCode ||= code
    } else if (hasListened) {
      logError({ worker: slot.name, code, signal }, 'worker ended')
    }
    return code ?? 1
  }

  const firstSlot = addSlot()
  const first = run(firstSlot, true)
  const startCode = await Promise.race([listening.begins, first])
  if (startCode !== undefined) return startCode
  const otherSlots = Array.from({ length: count - 1 }, addSlot)
  await Promise.all([
    keepRunning(() => run(firstSlot), shutdown.signal, first),
    ...otherSlots.map((slot) => keepRunning(() => run(slot), shutdown.signal)),
  ])
  return exitCode
}

type ListeningWorkers = ReturnType<typeof trackListening>

/**
 * Tracks which workers listen. Informs all workers whether all of them listen, and during shutdown that no worker
 * listens any more.
 */
function trackListening(count: number, shutdown: AbortSignal) {
  const listening = new Set<Worker>()
  const sendReadiness = () => broadcast(listening.size === count ? 'ready' : 'not ready')
  const { promise: begins, resolve } = Promise.withResolvers<undefined>()
  return {
    /** Resolves when the first worker listens. */
    begins,
    add(worker: Worker) {
      listening.add(worker)
      sendReadiness()
      resolve(undefined)
    },
    has: (worker: Worker) => listening.has(worker),
    /** Returns true if the worker was listening. */
    remove(worker: Worker) {
      const wasListening = listening.delete(worker)
      if (!shutdown.aborted) {
        if (wasListening) sendReadiness()
      } else if (listening.size === 0) {
        broadcast('close')
      }
      return wasListening
    },
  }
}

/** Shuts down on a signal. Ctrl-C also sends the signal to the workers, which ignore it (src/server.ts). */
function shutDownOnSignal(
  shutdown: AbortController,
  listening: ListeningWorkers,
  { shutdownMs, logError }: Options,
): void {
  function killAll() {
    for (const worker of workers()) worker.process.kill('SIGKILL')
    process.exit(1)
  }
  function onTimeout() {
    logError({ workers: workers().length }, 'shutdown timed out: killing workers')
    killAll()
  }
  function onSignal() {
    if (shutdown.signal.aborted) killAll()
    shutdown.abort()
    setTimeout(onTimeout, shutdownMs + KILL_AFTER_MS).unref()
    for (const worker of workers()) {
      // Kills each worker that is still starting. Otherwise it could begin to listen during the shutdown.
      if (!listening.has(worker)) worker.process.kill('SIGKILL')
    }
    broadcast('drain')
  }
  onStopSignal(onSignal)
}

/** Runs a worker again each time it exits, with exponential back-off, until shutdown. */
async function keepRunning(
  run: () => Promise<number>,
  shutdown: AbortSignal,
  first?: Promise<number>,
): Promise<void> {
  let delayMs = MIN_RESTART_DELAY_MS
  let running = first
  while (!shutdown.aborted) {
    const startedAt = performance.now()
    await (running ?? run())
    running = undefined
    const uptimeMs = performance.now() - startedAt
    const nextMs = 2 * delayMs - uptimeMs * UPTIME_DISCOUNT
    delayMs = Math.min(Math.max(nextMs, MIN_RESTART_DELAY_MS), MAX_RESTART_DELAY_MS)
    await sleep(delayMs, undefined, { signal: shutdown }).catch(() => {}) // aborted by shutdown
  }
}

/** Sends a message to all workers. */
export function broadcast(message: SupervisorMessage): void {
  // Without a callback, `send` would emit an error event for a worker that has just exited.
  for (const worker of workers()) worker.send(message, () => {})
}

function workers(): Worker[] {
  return Object.values(cluster.workers as Record<string, Worker>) // `cluster.workers` is undefined only in a worker
}

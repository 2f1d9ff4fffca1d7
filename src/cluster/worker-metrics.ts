/** Metrics of a supervisor and its workers, aggregated so that a scrape of any worker returns all of them. */
import type { Worker } from 'node:cluster'
import { unavailable } from '../http/http-error.ts'
import type { Family } from '../metrics/exposition.ts'
import { processMetrics } from '../metrics/process-metrics.ts'
import { type Channel, exchangeMetrics, type RequestMetrics } from './messages.ts'

/** Time limit for the response of a worker. After this time, the metrics of the other workers are returned. */
const WORKER_TIMEOUT_MS = 1_000

/** Time limit for the response of the supervisor. It is longer, since the supervisor waits for its workers. */
const SUPERVISOR_TIMEOUT_MS = 2 * WORKER_TIMEOUT_MS

/** Position of a worker. A new worker takes the slot of the one that it replaces, and continues its time series. */
export interface WorkerSlot {
  /** Label of the worker's samples, from `1`. */
  name: string
  /** Assigns a worker to the slot before the worker starts. */
  assign(worker: Worker): void
  /** Counts a worker that hung. */
  countHang(): void
}

interface SlotState {
  name: string
  starts: number
  hangs: number
  /** Undefined before the worker listens. */
  requestMetrics?: RequestMetrics | undefined
}

/** Metrics of a worker or of the supervisor. */
interface ProcessMetrics {
  worker: string
  /** Undefined if the worker did not respond. */
  families: Family[] | undefined
}

/**
 * Aggregates the metrics of the supervisor and its workers. Each worker can request the result. Every sample has
 * the label `worker`: the name of a slot, or `supervisor`.
 *
 * @returns a function that adds a slot
 */
export function aggregateMetrics(): () => WorkerSlot {
  const slots: SlotState[] = []

  async function read(): Promise<Family[]> {
    const workers = await Promise.all(
      slots.map(async ({ name, requestMetrics }) => ({
        worker: name,
        families: await requestMetrics?.(WORKER_TIMEOUT_MS),
      })),
    )
    const families = await processMetrics().getMetricsAsJSON()
    return [
      ...mergeFamilies([...workers, { worker: 'supervisor', families }]),
      ...describeWorkers(workers, slots),
    ]
  }

  return () => {
    const name = String(slots.length + 1)
    const state: SlotState = { name, starts: 0, hangs: 0 }
    slots.push(state)
    return {
      name,
      countHang() {
        state.hangs++
      },
      assign(worker) {
        state.starts++
        worker.once('listening', () => {
          state.requestMetrics = exchangeMetrics(worker, read)
        })
        worker.once('exit', () => {
          state.requestMetrics = undefined
        })
      },
    }
  }
}

/**
 * Responds to the supervisor with the metrics of this worker.
 *
 * @returns a function that reads the metrics of all workers; it throws an {HttpError} 503 if the supervisor
 * does not respond
 */
export function shareMetrics(
  channel: Channel,
  read: () => Promise<Family[]>,
): () => Promise<Family[]> {
  const requestMetrics = exchangeMetrics(channel, read)
  return async () => {
    const families = await requestMetrics(SUPERVISOR_TIMEOUT_MS)
    if (!families) throw unavailable('the supervisor does not respond')
    return families
  }
}

/** Merges families of the same name into one, and adds the label `worker` to its samples. */
function mergeFamilies(processes: ProcessMetrics[]): Family[] {
  const merged = new Map<string, Family>()
  for (const { worker, families = [] } of processes) {
    for (const family of families) {
      const values = family.values.map((sample) => ({
        ...sample,
        labels: { ...sample.labels, worker },
      }))
      const others = merged.get(family.name)?.values ?? []
      merged.set(family.name, { ...family, values: [...others, ...values] })
    }
  }
  return [...merged.values()]
}

function describeWorkers(workers: ProcessMetrics[], slots: SlotState[]): Family[] {
  return [
    {
      name: 'worker_up',
      help: '1 if the worker responded to this scrape, otherwise 0',
      type: 'gauge',
      values: workers.map(({ worker, families }) => ({
        labels: { worker },
        value: families ? 1 : 0,
      })),
    },
    {
      name: 'worker_restarts_total',
      help: 'Workers that were started to replace one that had exited',
      type: 'counter',
      values: slots.map(({ name, starts }) => ({ labels: { worker: name }, value: starts - 1 })),
    },
    {
      name: 'worker_hangs_total',
      help: 'Workers that were killed because they sent no heartbeat',
      type: 'counter',
      values: slots.map(({ name, hangs }) => ({ labels: { worker: name }, value: hangs })),
    },
  ]
}

import type { Worker } from 'node:cluster'
import { unavailable } from '../http/http-error.ts'
import type { Family } from '../metrics/exposition.ts'
import { processMetrics } from '../metrics/process-metrics.ts'
import { type Ask, type Channel, exchangeMetrics } from './messages.ts'

/** How long a worker may take to tell its metrics, in milliseconds: one that hangs hides no other. */
const PATIENCE = 1_000

/** A worker's place: who takes it after another continues the series of that one. */
interface Place {
  /** From 1 on, as a label. */
  worker: string
  starts: number
  /** While a worker listens. */
  ask?: Ask | undefined
}

/** Takes in the worker that is about to start in a place, and names that. */
export type Join = (worker: Worker) => string

/**
 * Brings together the metrics of a supervisor and its workers, for each worker to ask for. Every sample
 * has the label `worker`, which is a place or the supervisor.
 *
 * @returns what adds a place.
 */
export function aggregateMetrics(): () => Join {
  const places: Place[] = []

  async function read(): Promise<Family[]> {
    const answers = await Promise.all(
      places.map(async ({ worker, ask }) => ({ worker, families: await ask?.(PATIENCE) })),
    )
    const families = await processMetrics().getMetricsAsJSON()
    return [
      ...merge([...answers, { worker: 'supervisor', families }]),
      ...describe(answers, places),
    ]
  }

  return () => {
    const place: Place = { worker: String(places.length + 1), starts: 0 }
    places.push(place)
    return (worker) => {
      place.starts++
      worker.once('listening', () => {
        place.ask = exchangeMetrics(worker, read)
      })
      worker.once('exit', () => {
        place.ask = undefined
      })
      return place.worker
    }
  }
}

/**
 * Has a worker tell its metrics to the supervisor, and gives what asks for those of all.
 *
 * @throws {HttpError} 503 where the supervisor does not answer.
 */
export function readThrough(
  channel: Channel,
  read: () => Promise<Family[]>,
): () => Promise<Family[]> {
  const ask = exchangeMetrics(channel, read)
  return async () => {
    const families = await ask(2 * PATIENCE)
    if (!families) throw unavailable('the supervisor does not answer')
    return families
  }
}

/** The metrics of a process, where they are there. */
interface Answer {
  worker: string
  families: Family[] | undefined
}

/** Makes one family of those with the same name. */
function merge(answers: Answer[]): Family[] {
  const merged = new Map<string, Family>()
  for (const { worker, families = [] } of answers) {
    for (const family of families) {
      const values = family.values.map((sample) => ({
        ...sample,
        labels: { ...sample.labels, worker },
      }))
      const before = merged.get(family.name)?.values ?? []
      merged.set(family.name, { ...family, values: [...before, ...values] })
    }
  }
  return [...merged.values()]
}

function describe(answers: Answer[], places: Place[]): Family[] {
  return [
    {
      name: 'worker_up',
      help: 'Whether the metrics of the worker are among these',
      type: 'gauge',
      values: answers.map(({ worker, families }) => ({
        labels: { worker },
        value: families ? 1 : 0,
      })),
    },
    {
      name: 'worker_restarts_total',
      help: 'How often a worker took the place of one that had ended',
      type: 'counter',
      values: places.map(({ worker, starts }) => ({ labels: { worker }, value: starts - 1 })),
    },
  ]
}

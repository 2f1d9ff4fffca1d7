/** Messages between the supervisor and its workers. */
import type { Accounts } from '../../plugins/auth/replaceable-accounts.ts'
import type { Family } from '../metrics/exposition.ts'

/**
 * Messages from the supervisor to a worker. `drain`: shut down. `close`: close the connections, since no worker
 * listens any more. `ready`: all workers listen. `not ready`: not all workers listen. `reload`: open the log again, and
 * accept these accounts instead of the earlier ones, if there are any.
 */
export type SupervisorMessage =
  | 'drain'
  | 'close'
  | 'ready'
  | 'not ready'
  | { reload: Accounts | undefined }

/**
 * Messages from a worker to the supervisor. `listening`: the worker listens on all its ports. `not-listening`: it no longer
 * listens. `alive`: heartbeat.
 */
export type WorkerMessage = 'listening' | 'not-listening' | 'alive'

/** Messages in either direction: a request for metrics, and its response. */
type MetricsMessage =
  | { metricsRequest: number }
  | { metricsResponse: number; families: Family[] | undefined }

/** One end of the channel: a `Worker` in the supervisor, `process` in the worker. */
export interface Channel {
  on(event: 'message', listener: (message: unknown) => void): unknown
  send(message: MetricsMessage, sent: () => void): unknown
}

/** Returns the metrics of the other end; undefined if it does not respond in time. */
export type RequestMetrics = (timeoutMs: number) => Promise<Family[] | undefined>

/** Responds to requests for metrics with the result of `read`. Returns a function that requests metrics. */
export function exchangeMetrics(channel: Channel, read: () => Promise<Family[]>): RequestMetrics {
  const pending = new Map<number, (families: Family[] | undefined) => void>()
  let count = 0

  async function respond(metricsResponse: number) {
    const families = await read().catch(() => undefined)
    channel.send({ metricsResponse, families }, ignoreError)
  }
  channel.on('message', (message) => {
    const { metricsRequest, metricsResponse, families } = Object(message)
    if (metricsRequest !== undefined) void respond(metricsRequest)
    pending.get(metricsResponse)?.(families)
  })

  return async (timeoutMs) => {
    const { promise, resolve } = Promise.withResolvers<Family[] | undefined>()
    const metricsRequest = count++
    pending.set(metricsRequest, resolve)
    const timer = setTimeout(resolve, timeoutMs, undefined)
    channel.send({ metricsRequest }, ignoreError)
    const families = await promise
    clearTimeout(timer)
    pending.delete(metricsRequest)
    return families
  }
}

/** Ignores the error of a send to a process that has just exited. A request to this process times out. */
function ignoreError() {}

import type { Family } from '../metrics/exposition.ts'

/** What passes between a worker and its supervisor, either way: who asks for metrics, and what is answered. */
type Message = { metricsFor: number } | { metricsOf: number; families: Family[] | undefined }

/** One end of the channel between them: the worker, as its supervisor has it, or the process of the worker. */
export interface Channel {
  on(event: 'message', listener: (message: unknown) => void): unknown
  send(message: Message, sent: () => void): unknown
}

/** Asks the other end, and gives undefined where it does not answer within so many milliseconds. */
export type Ask = (patience: number) => Promise<Family[] | undefined>

/** Answers the other end with metrics, and gives what asks it for its own. */
export function exchangeMetrics(channel: Channel, read: () => Promise<Family[]>): Ask {
  const waiting = new Map<number, (families: Family[] | undefined) => void>()
  let count = 0

  async function answer(metricsOf: number) {
    const families = await read().catch(() => undefined)
    channel.send({ metricsOf, families }, ignoreLoss)
  }
  channel.on('message', (message) => {
    const { metricsFor, metricsOf, families } = Object(message)
    if (metricsFor !== undefined) void answer(metricsFor)
    waiting.get(metricsOf)?.(families)
  })

  return async (patience) => {
    const { promise, resolve } = Promise.withResolvers<Family[] | undefined>()
    const metricsFor = count++
    waiting.set(metricsFor, resolve)
    const timer = setTimeout(resolve, patience, undefined)
    channel.send({ metricsFor }, ignoreLoss)
    const families = await promise
    clearTimeout(timer)
    waiting.delete(metricsFor)
    return families
  }
}

/** Who has just ended hears nothing, and is not waited for any longer than others. */
function ignoreLoss() {}

import { unavailable } from '../../src/http/http-error.ts'

interface Limits {
  /** Maximum number of calls at the same time. Further calls wait. */
  running: number
  /** Maximum number of waiting calls. Further calls fail with 503. */
  waiting: number
}

/** A call that waits. */
type Turn = PromiseWithResolvers<void>

/**
 * Returns a function that calls `work` as soon as the limits allow it, and returns its result.
 *
 * Clients take turns, so a client with many waiting calls does not hold up the others. If too many calls wait, the client
 * with the most loses its latest one.
 */
export function limitConcurrent(limits: Limits) {
  let running = 0
  let waiting = 0
  /** Waiting calls of each client, in the order of their next turns. */
  const queues = new Map<string, Turn[]>()

  function takeTurn(client: string): Promise<void> | undefined {
    if (running < limits.running) {
      running++
      return undefined
    }
    const queue = queues.get(client) ?? []
    if (waiting >= limits.waiting) dropFromLongest(queue.length + 1)
    const turn = Promise.withResolvers<void>()
    queues.set(client, queue)
    queue.push(turn)
    waiting++
    return turn.promise
  }

  /** @throws {HttpError} 503 if no client has more waiting calls than `length` */
  function dropFromLongest(length: number) {
    const longest = [...queues.values()].reduce((a, b) => (b.length > a.length ? b : a), [])
    const refusal = unavailable('too many logins at the same time')
    if (longest.length <= length) throw refusal
    longest.pop()?.reject(refusal)
    waiting--
  }

  function passTurn() {
    const [first] = queues
    if (!first) {
      running--
      return
    }
    const [client, queue] = first
    queues.delete(client)
    queue.shift()?.resolve()
    waiting--
    if (queue.length > 0) queues.set(client, queue) // behind the other clients
  }

  return async <Result>(client: string, work: () => Promise<Result>): Promise<Result> => {
    await takeTurn(client)
    try {
      return await work()
    } finally {
      passTurn()
    }
  }
}

import { unavailable } from '../../src/http/http-error.ts'

interface Limits {
  /** Maximum number of calls at the same time. Further calls wait, in order. */
  running: number
  /** Maximum number of waiting calls. Further calls fail with 503. */
  waiting: number
}

/** Returns a function that calls `work` as soon as the limits allow it, and returns its result. */
export function limitConcurrent(limits: Limits) {
  let running = 0
  const waiting: (() => void)[] = []

  function takeTurn(): Promise<void> | undefined {
    if (running < limits.running) {
      running++
      return undefined
    }
    if (waiting.length >= limits.waiting) throw unavailable('too many logins at the same time')
    return new Promise((resolve) => waiting.push(resolve))
  }

  function passTurn() {
    const next = waiting.shift()
    if (next) next()
    else running--
  }

  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    await takeTurn()
    try {
      return await work()
    } finally {
      passTurn()
    }
  }
}

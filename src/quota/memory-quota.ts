import { LRUCache } from 'lru-cache'

/** How long a quota lasts, in milliseconds: a minute, from the first that is taken of it. */
export const WINDOW = 60_000

/** What is left of a client's quota. */
export interface Allowance {
  /** Below zero where more was taken than there is. */
  remaining: number
  /** Seconds until all of it is there again. */
  resetIn: number
}

/** So many a minute for each client. */
export interface Quota {
  take(client: string): Allowance
  /** Whether nothing is left to take. */
  isSpent(client: string): boolean
  /** Takes back the latest `take`. */
  giveBack(client: string): void
}

/** Clients that are remembered. Whoever takes much is not the one who was seen longest ago. */
const REMEMBERED = 10_000

/** Counts in the memory of this process. */
export function createMemoryQuota(limit: number): Quota {
  const windows = new LRUCache<string, { taken: number; end: number }>({ max: REMEMBERED })
  return {
    take(client) {
      const now = performance.now()
      let window = windows.get(client)
      if (!window || window.end <= now) {
        window = { taken: 0, end: now + WINDOW }
        windows.set(client, window)
      }
      window.taken += 1
      return { remaining: limit - window.taken, resetIn: secondsOf(window.end - now) }
    },
    isSpent(client) {
      const window = windows.get(client)
      return window !== undefined && window.taken >= limit && window.end > performance.now()
    },
    giveBack(client) {
      const window = windows.get(client)
      if (window) window.taken -= 1
    },
  }
}

/** Whole seconds, so that whoever waits for them has waited long enough. */
export function secondsOf(milliseconds: number): number {
  return Math.ceil(milliseconds / 1_000)
}

import { LRUCache } from 'lru-cache'
import { type Quota, type QuotaState, toSeconds, WINDOW_MS } from './quota.ts'

/** Number of remembered clients. A client that sends many requests is never the least recently used. */
const MAX_CLIENTS = 10_000

/** A quota whose answers need no waiting. */
export interface MemoryQuota extends Quota {
  take(client: string): QuotaState
  /** Returns true if the client has nothing left; takes nothing. */
  isSpent(client: string): boolean
  /** Undoes one `take`. */
  giveBack(client: string): void
}

/**
 * Counts in this process.
 *
 * @param limit requests per window and client
 */
export function createMemoryQuota(limit: number): MemoryQuota {
  const windows = new LRUCache<string, { taken: number; endsAt: number }>({ max: MAX_CLIENTS })
  return {
    take(client) {
      const now = performance.now()
      let window = windows.get(client)
      if (!window || window.endsAt <= now) {
        window = { taken: 0, endsAt: now + WINDOW_MS }
        windows.set(client, window)
      }
      window.taken += 1
      return { remaining: limit - window.taken, resetSeconds: toSeconds(window.endsAt - now) }
    },
    isSpent(client) {
      const window = windows.get(client)
      return window !== undefined && window.taken >= limit && window.endsAt > performance.now()
    },
    giveBack(client) {
      const window = windows.get(client)
      if (window) window.taken -= 1
    },
  }
}

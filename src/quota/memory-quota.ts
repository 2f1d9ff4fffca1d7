import { LRUCache } from 'lru-cache'
import { type QuotaState, toSeconds, WINDOW_MS } from './quota.ts'

/** Maximum number of remembered clients. The least recently seen client is forgotten first. */
const MAX_CLIENTS = 10_000

/** A quota that returns no promises. */
export type MemoryQuota = ReturnType<typeof createMemoryQuota>

/**
 * Creates a quota that counts in this process.
 *
 * @param limit requests per window and client
 */
export function createMemoryQuota(limit: number) {
  const windows = new LRUCache<string, { taken: number; endsAt: number }>({ max: MAX_CLIENTS })
  return {
    take(client: string): QuotaState {
      const now = performance.now()
      let window = windows.get(client)
      if (!window || window.endsAt <= now) {
        window = { taken: 0, endsAt: now + WINDOW_MS }
        windows.set(client, window)
      }
      window.taken += 1
      return { remaining: limit - window.taken, resetSeconds: toSeconds(window.endsAt - now) }
    },
    /** Returns true if the client has no requests left. Does not count a request. */
    isSpent(client: string): boolean {
      const window = windows.get(client)
      return window !== undefined && window.taken >= limit && window.endsAt > performance.now()
    },
    /** Undoes one `take`. */
    giveBack(client: string) {
      const window = windows.get(client)
      if (window) window.taken -= 1
    },
  }
}

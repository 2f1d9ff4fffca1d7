import { LRUCache } from 'lru-cache'
import { type QuotaState, toSeconds, WINDOW_MS } from './quota.ts'

/** Maximum number of remembered clients. The least recently seen client is forgotten first. */
export const MAX_CLIENTS = 10_000

/**
 * Creates a quota that counts in this process, and returns no promises.
 *
 * @param limit requests per window and client
 */
export function createMemoryQuota(limit: number, windowMs = WINDOW_MS) {
  const windows = new LRUCache<string, { taken: number; endsAt: number }>({ max: MAX_CLIENTS })
  return {
    take(client: string, amount: 1 | 0 | -1 = 1): QuotaState {
      const now = performance.now()
      let window = windows.get(client)
      if (!window || window.endsAt <= now) {
        window = { taken: 0, endsAt: now + windowMs }
        if (amount > 0) windows.set(client, window)
      }
      window.taken += amount
      return { remaining: limit - window.taken, resetSeconds: toSeconds(window.endsAt - now) }
    },
    isSpent(client: string): boolean {
      const window = windows.get(client)
      return window !== undefined && window.taken >= limit && window.endsAt > performance.now()
    },
  }
}

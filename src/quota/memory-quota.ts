import { LRUCache } from 'lru-cache'
import { type QuotaState, toSeconds, WINDOW_MS } from './quota.ts'

/** Maximum number of remembered clients. The least recently seen client is forgotten first. */
export const MAX_CLIENTS = 10_000

/** Requests of a client since its first one. */
interface Window {
  taken: number
  endsAt: number
}

/**
 * Creates a quota that counts in this process, and returns no promises.
 *
 * @param limit requests per window and client
 */
export function createMemoryQuota(limit: number, windowMs = WINDOW_MS) {
  const windows = new LRUCache<string, Window>({ max: MAX_CLIENTS })
  /** Latest client and its window. Many requests in a row come from one client. */
  let latestClient: string | undefined
  let latestWindow: Window | undefined

  function windowOf(client: string): Window | undefined {
    if (client !== latestClient) {
      latestClient = client
      latestWindow = windows.get(client)
    }
    return latestWindow
  }

  return {
    take(client: string, amount: 1 | 0 | -1 = 1): QuotaState {
      const now = performance.now()
      let window = windowOf(client)
      if (!window || window.endsAt <= now) {
        window = { taken: 0, endsAt: now + windowMs }
        if (amount > 0) {
          windows.set(client, window)
          latestWindow = window
        }
      }
      window.taken += amount
      return { remaining: limit - window.taken, resetSeconds: toSeconds(window.endsAt - now) }
    },
    isSpent(client: string): boolean {
      const window = windowOf(client)
      return window !== undefined && window.taken >= limit && window.endsAt > performance.now()
    },
  }
}

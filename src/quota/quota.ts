/** Length of a quota window in milliseconds. A window starts with a client's first request. */
export const WINDOW_MS = 60_000

/** State of a client's quota after a request was counted. */
export interface QuotaState {
  /** Requests left in the window; negative if the limit is exceeded. */
  remaining: number
  /** Whole seconds until the window ends, rounded up so that a client that waits does not return too early. */
  resetSeconds: number
}

/** A number of requests, or of other events, per window for each client. */
export interface Quota {
  /**
   * Counts one request of a client. -1 undoes this, and 0 only returns the state. Returns a promise only if the count
   * is kept outside this process.
   */
  take(client: string, amount?: 1 | 0 | -1): QuotaState | Promise<QuotaState>
  /** Returns true if this process knows that the client has no requests left. Does not count a request. */
  isSpent(client: string): boolean
}

/**
 * Creates a quota.
 *
 * @param name distinguishes the quotas in one Redis server
 * @param limit requests per window and client
 */
export type CreateQuota = (name: string, limit: number, windowMs?: number) => Quota

export function toSeconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1_000)
}

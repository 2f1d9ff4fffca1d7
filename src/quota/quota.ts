/** Length of a quota window in milliseconds. A window starts with a client's first request. */
export const WINDOW_MS = 60_000

/** State of a client's quota after a request was counted. */
export interface QuotaState {
  /** Requests left in the window; negative if the limit is exceeded. */
  remaining: number
  /** Whole seconds until the window ends, rounded up so that a client that waits does not return too early. */
  resetSeconds: number
}

/** A number of requests per window for each client. */
export interface Quota {
  /** Counts one request of a client. Returns a promise only if the count is kept outside this process. */
  take(client: string): QuotaState | Promise<QuotaState>
}

export function toSeconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1_000)
}

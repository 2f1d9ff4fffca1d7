/**
 * Route config for probes, which machines request every few seconds: no rate limit, never shed, logged at
 * debug, not listed at `/`, and not stored by caches, since a stored response would describe an earlier state.
 */
export const PROBE_ROUTE = {
  rateLimit: false,
  overload: false,
  logLevel: 'debug',
  entryPoint: false,
  cache: { noStore: true },
} as const

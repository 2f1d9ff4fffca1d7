/**
 * Route config for probes, which machines request every few seconds: counted apart from other requests, never
 * shed, logged at debug, not listed at `/`, and not stored by caches, since a stored response would describe an earlier
 * state.
 */
export const PROBE_ROUTE = {
  rateLimit: 'probes',
  overload: false,
  logLevel: 'debug',
  entryPoint: false,
  cache: { noStore: true },
} as const

/**
 * Route config for probes, which machines request every few seconds: no rate limit, never shed, logged at
 * debug, not listed at `/`.
 */
export const PROBE_ROUTE = {
  rateLimit: false,
  overload: false,
  logLevel: 'debug',
  entryPoint: false,
} as const

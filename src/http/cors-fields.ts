/** Header fields that let pages of other origins read a response (Fetch §3.3). */

const ANY = '*'

/** Returns the header fields for a page of the origin `from`; undefined if the page may not read the response. */
export function corsFields(allowedOrigins: readonly string[], from: string | undefined) {
  const found = allowedOrigins.find((origin) => origin === ANY || origin === from)
  if (!found) return undefined
  return { 'access-control-allow-origin': found, 'access-control-expose-headers': ANY }
}

/** Adds Origin to a value of Vary, unless the response is the same for every origin. */
export function varyOf(allowedOrigins: readonly string[], vary: string): string
export function varyOf(allowedOrigins: readonly string[], vary?: string): string | undefined
export function varyOf(allowedOrigins: readonly string[], vary?: string): string | undefined {
  if (allowedOrigins.length === 0 || allowedOrigins.includes(ANY)) return vary
  return vary ? `${vary}, Origin` : 'Origin'
}

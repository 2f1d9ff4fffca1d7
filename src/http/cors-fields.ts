/** Header fields that let pages of other origins read a response (Fetch §3.3). */

const ANY = '*'

/** Marks an origin that stands for the subdomains of a host. */
const WILDCARD = '://*.'

/** One or more labels of a host. */
const LABELS = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/

/** Origin of an app whose pages have a scheme of their own. Browsers send it without a path (RFC 6454 §6.1). */
const APP_ORIGIN = /^(?!file:)[a-z][a-z0-9+.-]*:\/\/[a-z0-9._-]+(?::\d+)?$/

/** Returns the header fields for a page of the origin `from`; undefined if the page may not read the response. */
export function corsFields(allowedOrigins: readonly string[], from: string | undefined) {
  if (allowedOrigins.includes(ANY)) return fieldsFor(ANY)
  if (from === undefined || !allowedOrigins.some((allowed) => covers(allowed, from)))
    return undefined
  return fieldsFor(from)
}

function fieldsFor(origin: string) {
  return { 'access-control-allow-origin': origin, 'access-control-expose-headers': ANY }
}

/**
 * Returns true if an allowed origin is the origin of a page, or stands for it: `https://*.a.example` stands for the
 * subdomains of a.example at any depth, with this scheme and port, as in a content security policy.
 */
function covers(allowed: string, from: string): boolean {
  const start = allowed.indexOf(WILDCARD) + 3
  if (start < 3) return allowed === from
  const end = allowed.slice(start + 1)
  const isAlike = from.startsWith(allowed.slice(0, start)) && from.endsWith(end)
  return isAlike && LABELS.test(from.slice(start, -end.length))
}

/**
 * Returns true for an origin as browsers send it, an origin with `*` for its subdomains, or `*`. Any other spelling would
 * never match, since origins are compared as text.
 */
export function isAllowedOrigin(text: string): boolean {
  if (text === ANY) return true
  const origin = text.replace(WILDCARD, '://any.')
  const url = URL.parse(origin)
  if (!url || origin.includes('*')) return false
  if (!/^https?:$/.test(url.protocol)) return url.origin === 'null' && APP_ORIGIN.test(text)
  // A wildcard must not stand for all hosts of a top-level domain.
  const isTooWide = origin !== text && /^any\.[^.]*\.?$/.test(url.hostname)
  return url.origin === origin && (!isTooWide || url.hostname === 'any.localhost')
}

/** Adds Origin to a value of Vary, unless the response is the same for every origin. */
export function varyOf(allowedOrigins: readonly string[], vary: string): string
export function varyOf(allowedOrigins: readonly string[], vary?: string): string | undefined
export function varyOf(allowedOrigins: readonly string[], vary?: string): string | undefined {
  if (allowedOrigins.length === 0 || allowedOrigins.includes(ANY)) return vary
  return vary ? `${vary}, Origin` : 'Origin'
}

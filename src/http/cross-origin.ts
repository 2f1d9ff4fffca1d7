/** Requests from pages of other origins. A browser may add stored credentials to them (CSRF). */
import type { IncomingHttpHeaders } from 'node:http'
import { essenceOf } from './media-types.ts'

interface RequestHead {
  method: string
  protocol: string
  host: string
  headers: IncomingHttpHeaders
}

/**
 * Returns true if a browser sent the request for a page of another origin. Browsers send Sec-Fetch-Site to HTTPS and to
 * loopback only (Fetch Metadata §2.3), and Origin with each write (Fetch §3.2). A request without both is not from a
 * browser.
 */
export function isCrossOrigin({ protocol, host, headers }: RequestHead): boolean {
  const { 'sec-fetch-site': site, origin } = headers
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  return origin !== undefined && origin !== URL.parse(`${protocol}://${host}`)?.origin
}

/** Media types that a page can send without a preflight (Fetch §2.2.2); empty without Content-Type. */
const FORM_TYPES = ['', 'application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']

/** Returns true if a browser sends the request of any page without asking the service first, in a preflight. */
export function isSentUnasked({ method, headers }: RequestHead): boolean {
  const { 'content-type': mediaType = '', 'sec-fetch-mode': mode } = headers
  if (mode === 'navigate') return true
  return method === 'POST' && FORM_TYPES.includes(essenceOf(mediaType).trim().toLowerCase())
}

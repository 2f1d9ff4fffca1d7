/**
 * Checks of a request head. Node's parser is lenient, so a proxy and this service could read the same bytes as
 * different requests (RFC 9112 §11.2). The X-Forwarded-* header fields from a trusted proxy are also checked.
 */
import type { IncomingHttpHeaders } from 'node:http'
import { split } from './field.ts'
import { HttpError } from './http-error.ts'
import { authorityOf } from './request-target.ts'

/** Longest request target in bytes; RFC 9110 §4.1 recommends at least 8000. */
export const MAX_TARGET_LENGTH = 8_000

/** Head of a request as received. `rawHeaders` has every header field, even if repeated. */
export interface Head {
  httpVersion: string
  method: string
  url: string
  headers: IncomingHttpHeaders
  rawHeaders: readonly string[]
}

/** Host, protocol and X-Forwarded-* header fields of a request that a trusted proxy forwarded. */
export interface Forwarded {
  host: string
  protocol: string
  headers: IncomingHttpHeaders
}

/**
 * Checks the X-Forwarded-* header fields from a trusted proxy. The proxy may have passed on unchecked values of a
 * client.
 *
 * @throws {HttpError} 400
 */
export function checkForwarded({ host, protocol, headers }: Forwarded) {
  if (headers['x-forwarded-host'] !== undefined && !isHost(host)) {
    throw ambiguous('X-Forwarded-Host is not a valid host')
  }
  if (!/^https?$/.test(protocol)) throw ambiguous('X-Forwarded-Proto is neither http nor https')
}

/**
 * Refuses an ambiguous head, and an unsupported HTTP version, transfer coding or expectation. If it is unclear where
 * the request ends, the service closes the connection after the response (RFC 9112 §6.3, §11.2).
 *
 * @throws {HttpError} 400, 414, 417, 501 or 505
 */
export function checkHead(head: Head) {
  checkVersion(head)
  checkTransferCoding(head)
  checkSingletons(head)
  checkHost(head)
  checkTarget(head) // after the checks above, whose errors close the connection
  checkExpectation(head)
}

/** Refuses HTTP versions other than 1.x (RFC 9110 §15.6.6). */
function checkVersion({ httpVersion }: Head) {
  if (httpVersion === '0.9') throw ambiguous('the request line has no valid HTTP version')
  if (httpVersion.startsWith('1.')) return
  throw new HttpError('HTTP_VERSION_NOT_SUPPORTED', 'use HTTP/1.1', CLOSE)
}

/** Refuses transfer codings other than chunked, and all transfer codings in HTTP/1.0 (RFC 9112 §6.1, §6.3). */
function checkTransferCoding({ httpVersion, headers }: Head) {
  const coding = headers['transfer-encoding']
  if (coding === undefined) return
  if (httpVersion === '1.0') throw ambiguous('HTTP/1.0 does not allow Transfer-Encoding')
  if (coding.toLowerCase() === 'chunked') return
  if (!/,[ \t]*chunked$/i.test(coding)) throw ambiguous('Transfer-Encoding must end with chunked')
  throw new HttpError('NOT_IMPLEMENTED', `transfer coding ${coding}; supported: chunked`, CLOSE)
}

/** Refuses targets that are too long, or neither a path nor an HTTP URL (RFC 9112 §3.2). */
function checkTarget({ method, url }: Head) {
  if (url.length > MAX_TARGET_LENGTH) {
    throw new HttpError('URI_TOO_LONG', `the target is longer than ${MAX_TARGET_LENGTH} bytes`)
  }
  if (url.includes('#')) throw new HttpError('BAD_REQUEST', 'the target has a fragment')
  if (url === '*' && method === 'OPTIONS') return
  if (url.startsWith('/') || authorityOf(url) !== undefined) return
  throw new HttpError('BAD_REQUEST', 'the target must be a path or an HTTP URL')
}

/** Header fields that must not be repeated (RFC 9110 §5.3), since they determine target, body or account. */
const SINGLETON = /^(?:host|content-type|authorization)$/i

/** Lengths of these names: most other names have another length, which is compared faster. */
const SINGLETON_LENGTHS = new Set([4, 12, 13])

/** Refuses repeated header fields: Node uses the first, but a proxy may have used the last. */
function checkSingletons({ rawHeaders }: Head) {
  const found: string[] = []
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = String(rawHeaders[index])
    if (!SINGLETON_LENGTHS.has(name.length) || !SINGLETON.test(name)) continue
    const first = found.find((other) => other.toLowerCase() === name.toLowerCase())
    if (first) throw ambiguous(`there is more than one ${first}`)
    found.push(name)
  }
}

/** Refuses a missing, invalid or ambiguous host (RFC 9110 §7.2, RFC 9112 §3.2). */
function checkHost({ httpVersion, url, headers }: Head) {
  const { host } = headers
  const authority = authorityOf(url)
  if (host === undefined && httpVersion !== '1.0') throw ambiguous('Host is missing')
  if (host !== undefined && !isHost(host)) throw ambiguous('Host is not a valid host')
  if (authority === undefined) return
  if (!isHost(authority)) throw ambiguous('the target has no valid host')
  if (host !== undefined && hostOf(authority, url) !== hostOf(host, url)) {
    throw ambiguous('the target and Host name different hosts')
  }
}

/** Returns an authority in lower case, without the default port of the target's scheme (RFC 9110 §4.2.3). */
function hostOf(authority: string, target: string): string {
  const port = /^https:/i.test(target) ? /:(?:443)?$/ : /:(?:80)?$/
  return authority.toLowerCase().replace(port, '')
}

/** A registered name or an IP address (RFC 3986 §3.2.2), and optionally a port. */
const HOST = /^(?:\[[\da-f:.]+\]|(?:[\w.~!$&'()*+,;=-]|%[\da-f]{2})+)(?::(\d{0,5}))?$/i

/** Latest valid host. Most requests have the same host, and comparing is faster than matching. */
let latestHost: string | undefined

function isHost(text: string): boolean {
  if (text === latestHost) return true
  const [found, port = ''] = HOST.exec(text) ?? []
  if (found === undefined || Number(port) > 65_535) return false
  latestHost = text
  return true
}

/** Refuses expectations other than 100-continue. HTTP/1.0 has no expectations (RFC 9110 §10.1.1). */
function checkExpectation({ httpVersion, headers: { expect } }: Head) {
  if (expect === undefined || httpVersion === '1.0') return
  if (split(expect.toLowerCase(), ',').every((member) => member === '100-continue')) return
  throw new HttpError('EXPECTATION_FAILED', `Expect: ${expect}; supported: 100-continue`)
}

const CLOSE = { headers: { connection: 'close' } }

/** Returns an error that closes the connection, since the end of the request is unclear. */
function ambiguous(detail: string) {
  return new HttpError('BAD_REQUEST', detail, CLOSE)
}

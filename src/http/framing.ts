import type { IncomingHttpHeaders } from 'node:http'
import { split } from './field.ts'
import { HttpError } from './http-error.ts'
import { authorityOf } from './request-target.ts'

/** The longest target that is served, in octets (RFC 9110 §4.1 asks for no less). */
export const TARGET_LIMIT = 8_000

/** The head of a request as it came: every field with its name, repeated ones too. */
export interface Head {
  httpVersion: string
  method: string
  url: string
  headers: IncomingHttpHeaders
  rawHeaders: readonly string[]
}

/** A registered name or an address (RFC 3986 §3.2.2), and a port. */
const HOST = /^(?:\[[\da-f:.]+\]|(?:[\w.~!$&'()*+,;=-]|%[\da-f]{2})+)(?::(\d{0,5}))?$/i

/** What a proxy that is believed tells of the request that it was sent, and in which fields. */
export interface Forwarded {
  host: string
  protocol: string
  headers: IncomingHttpHeaders
}

/**
 * Refuses what a proxy tells: it may only have passed on what a client had written.
 *
 * @throws {HttpError} 400.
 */
export function checkForwarded({ host, protocol, headers }: Forwarded) {
  const isTold = headers['x-forwarded-host'] !== undefined
  if (isTold && !isHost(host)) throw doubtful('X-Forwarded-Host names no host')
  if (!/^https?$/.test(protocol)) throw doubtful('X-Forwarded-Proto is neither http nor https')
}

/**
 * Refuses a head that the parser let through, but that two readers could take for two requests, or
 * that asks for what is not done here.
 *
 * @throws {HttpError} 400, 414, 417, 501 or 505, as each rule below says. Where it is in doubt which octets
 * belong to the request, the reply closes the connection (RFC 9112 §6.3, §11.2).
 */
export function checkHead(head: Head) {
  checkVersion(head)
  checkTransferCoding(head)
  checkSingletons(head)
  checkHost(head)
  checkTarget(head) // behind what closes the connection
  checkExpectation(head)
}

/** RFC 9110 §15.6.6. */
function checkVersion({ httpVersion }: Head) {
  if (httpVersion === '0.9') throw doubtful('the request line names no version of HTTP')
  if (httpVersion.startsWith('1.')) return
  throw new HttpError('HTTP_VERSION_NOT_SUPPORTED', 'there is HTTP/1.1', CLOSE)
}

/** RFC 9112 §6.1, §6.3. */
function checkTransferCoding({ httpVersion, headers }: Head) {
  const coding = headers['transfer-encoding']
  if (coding === undefined) return
  if (httpVersion === '1.0') throw doubtful('HTTP/1.0 has no Transfer-Encoding')
  if (coding.toLowerCase() === 'chunked') return
  if (!/,[ \t]*chunked$/i.test(coding)) throw doubtful('Transfer-Encoding does not end in chunked')
  throw new HttpError('NOT_IMPLEMENTED', `the transfer coding ${coding}; there is chunked`, CLOSE)
}

/** RFC 9112 §3.2. */
function checkTarget({ method, url }: Head) {
  if (url.length > TARGET_LIMIT) {
    throw new HttpError('URI_TOO_LONG', `the target has more than ${TARGET_LIMIT} octets`)
  }
  if (url.includes('#')) throw new HttpError('BAD_REQUEST', 'the target has a fragment')
  if (url === '*' && method === 'OPTIONS') return
  if (url.startsWith('/') || authorityOf(url) !== undefined) return
  throw new HttpError('BAD_REQUEST', 'the target is neither a path nor a URL of HTTP')
}

/** Fields of one value (RFC 9110 §5.5): which target, of what type, by whom. */
const SINGLETON = /^(?:host|content-type|authorization)$/i

/** Node keeps the first, and whoever passed the request on may have gone by the last. */
function checkSingletons({ rawHeaders }: Head) {
  const found: string[] = []
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = String(rawHeaders[index])
    if (!SINGLETON.test(name)) continue
    const first = found.find((each) => each.toLowerCase() === name.toLowerCase())
    if (first) throw doubtful(`there is more than one ${first}`)
    found.push(name)
  }
}

/** RFC 9110 §7.2, RFC 9112 §3.2. */
function checkHost({ httpVersion, url, headers }: Head) {
  const { host } = headers
  const authority = authorityOf(url)
  if (host === undefined && httpVersion !== '1.0') throw doubtful('there is no Host')
  if (host !== undefined && !isHost(host)) throw doubtful('Host names no host')
  if (authority === undefined) return
  if (!isHost(authority)) throw doubtful('the target names no host')
  if (host !== undefined && authority.toLowerCase() !== host.toLowerCase()) {
    throw doubtful('the target and Host name different hosts')
  }
}

/** The latest host that was one: most requests name the same. */
let known: string | undefined

function isHost(text: string): boolean {
  if (text === known) return true
  const [found, port = ''] = HOST.exec(text) ?? []
  if (found === undefined || Number(port) > 65_535) return false
  known = text
  return true
}

/** RFC 9110 §10.1.1: HTTP/1.0 has no expectations. */
function checkExpectation({ httpVersion, headers: { expect } }: Head) {
  if (expect === undefined || httpVersion === '1.0') return
  if (split(expect.toLowerCase(), ',').every((member) => member === '100-continue')) return
  throw new HttpError('EXPECTATION_FAILED', `Expect: ${expect}; there is 100-continue`)
}

const CLOSE = { headers: { connection: 'close' } }

function doubtful(detail: string) {
  return new HttpError('BAD_REQUEST', detail, CLOSE)
}

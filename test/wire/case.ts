import { deepStrictEqual } from 'node:assert'
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import { securityOf } from '../page.ts'
import { type Conversation, converse, type Reply } from './client.ts'

/** What must come back for octets that are sent on a connection of their own. */
export interface WireCase {
  /** Where the rule stands: `RFC 9112 §3.2`. */
  section: string
  /** What is sent, in words. */
  sent: string
  /** The octets, one a character; each piece is sent when the ones before it were answered. */
  octets: string | readonly string[]
  /** The statuses of all the replies, in order. */
  statuses: readonly number[]
  /** Whether the server hangs up after its last reply. */
  isClosed?: boolean
  /** Fields of the last reply: the value, a pattern of it, or null for a field that is not there. */
  headers?: Record<string, string | RegExp | null>
  /** The content of the last reply, decoded: the text, a pattern of it, or JSON. */
  body?: string | RegExp | object
  /** What all of the replies must have in common: every field, but for the date and the id. */
  sameFields?: boolean
  /**
   * Requests that come first, each on a connection of its own. Fields of their replies are put into
   * what is sent later, in place of their names in braces: `{etag}`.
   */
  before?: readonly string[]
}

/** A request of a method and a target, with its fields, and content where there is some. */
export function request(line: string, fields: Record<string, string> = {}, body = ''): string {
  const all = {
    Host: 'localhost',
    ...(body && { 'Content-Length': String(Buffer.byteLength(body, 'latin1')) }),
    ...fields,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${line} HTTP/1.1\r\n${lines.join('')}\r\n${body}`
}

/** Text as the octets of its UTF-8. */
export function utf8(text: string): string {
  return Buffer.from(text).toString('latin1')
}

/**
 * Holds the conversation of a case with the server at a port.
 *
 * @param patience how long to wait for what is expected, in milliseconds.
 */
export async function converseOn(
  port: number,
  wireCase: WireCase,
  patience?: number,
): Promise<Conversation> {
  const { before = [], octets, statuses, isClosed = false } = wireCase
  let known: Record<string, string> = {}
  for (const each of before) {
    const { replies } = await converse(port, [fill(each, known)], { replies: 1, isClosed: false })
    known = { ...known, ...replies.at(-1)?.headers }
  }
  const pieces = [octets].flat().map((piece) => fill(piece, known))
  return converse(port, pieces, { replies: statuses.length, isClosed }, patience)
}

function fill(octets: string, known: Record<string, string>): string {
  return octets.replace(/\{([a-z-]+)\}/g, (name, key) => known[key] ?? name)
}

/** Says in what a conversation is not as the case expects it; nothing, where it is. */
export function differences(wireCase: WireCase, conversation: Conversation): string[] {
  const { statuses, isClosed = false, headers = {}, body, sameFields } = wireCase
  const { replies, rest } = conversation
  const last = replies.at(-1)
  const found: string[] = []
  const given = replies.map(({ status }) => status)
  if (given.join() !== statuses.join()) found.push(`answers ${given.join(', ') || 'nothing'}`)
  if (conversation.isClosed !== isClosed) {
    found.push(isClosed ? 'keeps the connection' : 'closes the connection')
  }
  if (rest) found.push(`sends besides: ${JSON.stringify(rest.slice(0, 80))}`)
  for (const [name, value] of Object.entries(headers)) {
    const actual = last?.headers[name.toLowerCase()]
    if (!fits(value, actual)) found.push(`${name}: ${actual ?? '(none)'}`)
  }
  if (body !== undefined && !hasContent(last, body)) {
    found.push(`content: ${JSON.stringify(last?.body.toString().slice(0, 200))}`)
  }
  if (sameFields) found.push(...fieldDifferences(replies))
  return found
}

function fits(expected: string | RegExp | null, actual: string | undefined): boolean {
  if (expected instanceof RegExp) return actual !== undefined && expected.test(actual)
  return actual === (expected ?? undefined)
}

function hasContent(reply: Reply | undefined, expected: string | RegExp | object): boolean {
  if (!reply) return false
  const text = decode(reply)
  if (typeof expected === 'string' || expected instanceof RegExp) return fits(expected, text)
  try {
    deepStrictEqual(JSON.parse(text), expected)
    return true
  } catch {
    return false
  }
}

const DECODERS: Record<string, (octets: Buffer) => Buffer> = {
  br: brotliDecompressSync,
  gzip: gunzipSync,
  zstd: zstdDecompressSync,
}

function decode({ headers, body }: Reply): string {
  const decoder = DECODERS[headers['content-encoding'] ?? '']
  return (decoder ? decoder(body) : body).toString()
}

/** Fields that differ from one reply to the next by their nature. */
const OF_ONE_REPLY = ['date', 'x-request-id']

function fieldDifferences(replies: Reply[]): string[] {
  const [first = {}, ...others] = replies.map(({ headers }) =>
    Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_ONE_REPLY.includes(name))),
  )
  return others.flatMap((other) => {
    const names = new Set([...Object.keys(first), ...Object.keys(other)])
    return [...names]
      .filter((name) => first[name] !== other[name])
      .map((name) => `${name}: ${first[name] ?? '(none)'} and ${other[name] ?? '(none)'}`)
  })
}

/** Says what a conversation lacks of what every one with the service has. */
export function faults({ replies, isClosed }: Conversation): string[] {
  const found = replies.filter(({ status }) => status >= 200).flatMap(faultsOf)
  const isAnnounced = replies.at(-1)?.headers.connection === 'close'
  return isClosed && !isAnnounced ? [...found, 'hangs up without notice'] : found
}

function faultsOf({ status, headers, body }: Reply): string[] {
  const found: string[] = []
  if (!/ GMT$/.test(headers.date ?? '')) found.push('has no date')
  if (!/^[\w.~+/=:-]{1,128}$/.test(headers['x-request-id'] ?? '')) found.push('has no request id')
  for (const [name, value] of Object.entries(securityOf(headers['content-type']))) {
    if (headers[name] !== value) found.push(`has no ${name}: ${value}`)
  }
  // what is refused before it is a request is written in JSON, and ends the connection
  if (headers.vary !== 'Accept, Accept-Encoding' && headers.connection !== 'close') {
    found.push(`varies with ${headers.vary}`)
  }
  if (/json/.test(headers['content-type'] ?? '') && status >= 400 && body.length > 0) {
    if (JSON.parse(body.toString()).status !== status) found.push('tells another status')
  }
  if (body.length > 0 && !headers['content-type']) found.push('has content of no media type')
  const hasDocument = headers['content-type'] && Number(headers['content-length']) > 0
  if (status >= 400 && !hasDocument) found.push('is a failure without an error document')
  return found
}

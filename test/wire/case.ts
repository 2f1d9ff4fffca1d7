import { deepStrictEqual } from 'node:assert'
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import { securityOf } from '../page.ts'
import { type Conversation, converse, type WireResponse } from './client.ts'

/** Bytes sent on one connection, and the expected responses. */
export interface WireCase {
  /** The section of the RFC with the rule, such as `RFC 9112 §3.2`. */
  section: string
  /** Title of the case: a description of the request. */
  sent: string
  /** Bytes to send, one character per byte. Each array element is sent after the responses to the previous element. */
  bytes: string | readonly string[]
  /** Statuses of all responses, in order. */
  statuses: readonly number[]
  /** True if the server must close the connection after its last response. */
  isClosed?: boolean
  /** Header fields of the last response: value, pattern, or null if the field must be absent. */
  headers?: Record<string, string | RegExp | null>
  /** Decoded content of the last response: text, pattern, or JSON. */
  body?: string | RegExp | object
  /** True if all responses must have the same header fields, except for Date and X-Request-Id. */
  sameFields?: boolean
  /**
   * Requests sent before the case, each on its own connection. Later requests and the bytes of the case can use the
   * header fields of the responses. For example, `{etag}` is replaced by the value of ETag.
   */
  before?: readonly string[]
}

/**
 * Writes a request with Host and, if it has a body, Content-Length.
 *
 * @param line method and target
 */
export function request(line: string, fields: Record<string, string> = {}, body = ''): string {
  const all = {
    Host: 'localhost',
    ...(body && { 'Content-Length': String(Buffer.byteLength(body, 'latin1')) }),
    ...fields,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${line} HTTP/1.1\r\n${lines.join('')}\r\n${body}`
}

/** Encodes text in UTF-8. Each character of the result is one byte. */
export function utf8(text: string): string {
  return Buffer.from(text).toString('latin1')
}

/**
 * Sends the requests of a case to the server on a port.
 *
 * @param timeoutMs time limit for the expected responses
 */
export async function runCase(
  port: number,
  wireCase: WireCase,
  timeoutMs?: number,
): Promise<Conversation> {
  const { before = [], bytes, statuses, isClosed = false } = wireCase
  let fields: Record<string, string> = {}
  for (const each of before) {
    const pieces = [fillIn(each, fields)]
    const { responses } = await converse(port, pieces, { responses: 1, isClosed: false })
    fields = { ...fields, ...responses.at(-1)?.headers }
  }
  const pieces = [bytes].flat().map((piece) => fillIn(piece, fields))
  return converse(port, pieces, { responses: statuses.length, isClosed }, timeoutMs)
}

function fillIn(bytes: string, fields: Record<string, string>): string {
  return bytes.replace(/\{([a-z-]+)\}/g, (placeholder, name) => fields[name] ?? placeholder)
}

/** Lists how a conversation differs from the conversation that the case expects. */
export function differences(wireCase: WireCase, conversation: Conversation): string[] {
  const { statuses, isClosed = false, headers = {}, body, sameFields } = wireCase
  const { responses, rest } = conversation
  const last = responses.at(-1)
  const found: string[] = []
  const received = responses.map(({ status }) => status)
  if (received.join() !== statuses.join()) {
    found.push(`answers ${received.join(', ') || 'nothing'}`)
  }
  if (conversation.isClosed !== isClosed) {
    found.push(isClosed ? 'keeps the connection' : 'closes the connection')
  }
  if (rest) found.push(`sends more: ${JSON.stringify(rest.slice(0, 80))}`)
  for (const [name, value] of Object.entries(headers)) {
    const actual = last?.headers[name.toLowerCase()]
    if (!matches(value, actual)) found.push(`${name}: ${actual ?? '(none)'}`)
  }
  if (body !== undefined && !hasContent(last, body)) {
    found.push(`content: ${JSON.stringify(last?.body.toString().slice(0, 200))}`)
  }
  if (sameFields) found.push(...fieldDifferences(responses))
  return found
}

function matches(expected: string | RegExp | null, actual: string | undefined): boolean {
  if (expected instanceof RegExp) return actual !== undefined && expected.test(actual)
  return actual === (expected ?? undefined)
}

function hasContent(
  response: WireResponse | undefined,
  expected: string | RegExp | object,
): boolean {
  if (!response) return false
  const text = decode(response)
  if (typeof expected === 'string' || expected instanceof RegExp) return matches(expected, text)
  try {
    deepStrictEqual(JSON.parse(text), expected)
    return true
  } catch {
    return false
  }
}

const DECODERS: Record<string, (bytes: Buffer) => Buffer> = {
  br: brotliDecompressSync,
  gzip: gunzipSync,
  zstd: zstdDecompressSync,
}

function decode({ headers, body }: WireResponse): string {
  const decoder = DECODERS[headers['content-encoding'] ?? '']
  return (decoder ? decoder(body) : body).toString()
}

/** Header fields that have a different value in each response. */
const UNIQUE_FIELDS = ['date', 'x-request-id']

function fieldDifferences(responses: WireResponse[]): string[] {
  const [first = {}, ...others] = responses.map(({ headers }) =>
    Object.fromEntries(Object.entries(headers).filter(([name]) => !UNIQUE_FIELDS.includes(name))),
  )
  const date = responses[0]?.headers.date
  return others.flatMap((other) => {
    const names = new Set([...Object.keys(first), ...Object.keys(other)])
    return (
      [...names]
        .filter((name) => first[name] !== other[name])
        // Last-Modified is absent during the second in which the resource was changed.
        .filter((name) => !(name === 'last-modified' && !first[name] && other[name] === date))
        .map((name) => `${name}: ${first[name] ?? '(none)'} and ${other[name] ?? '(none)'}`)
    )
  })
}

/** Lists violations of rules that hold for every response of the service. */
export function faults({ responses, isClosed }: Conversation): string[] {
  const found = responses.filter(({ status }) => status >= 200).flatMap(faultsOf)
  const isAnnounced = responses.at(-1)?.headers.connection === 'close'
  return isClosed && !isAnnounced
    ? [...found, 'closes the connection without Connection: close']
    : found
}

function faultsOf({ status, headers, body }: WireResponse): string[] {
  const found: string[] = []
  if (!/ GMT$/.test(headers.date ?? '')) found.push('has no Date')
  if (!/^[\w.~+/=:-]{1,128}$/.test(headers['x-request-id'] ?? '')) found.push('has no X-Request-Id')
  for (const [name, value] of Object.entries(securityOf(headers['content-type']))) {
    if (headers[name] !== value) found.push(`has no ${name}: ${value}`)
  }
  const policy = headers['cache-control']
  if (status < 400 ? !policy : policy !== 'no-store') found.push(`has Cache-Control: ${policy}`)
  // After an invalid HTTP message, the service sends JSON for any Accept, without Vary, and closes the connection.
  const isVaried = /^Accept, Accept-Encoding(?:, Prefer)?$/.test(headers.vary ?? '')
  if (!isVaried && headers.connection !== 'close') {
    found.push(`has Vary: ${headers.vary}`)
  }
  if (/json/.test(headers['content-type'] ?? '') && status >= 400 && body.length > 0) {
    if (JSON.parse(body.toString()).status !== status)
      found.push('has a status in its error document that differs from its status line')
  }
  if (body.length > 0 && !headers['content-type']) found.push('has content without Content-Type')
  const hasDocument = headers['content-type'] && Number(headers['content-length']) > 0
  if (status >= 400 && !hasDocument) found.push('has no error document')
  return found
}

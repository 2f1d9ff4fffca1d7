import { STATUS_CODES } from 'node:http'
import type { WireCase } from '../case.ts'

/** A hidden request, which the server must not answer. */
export const SMUGGLED = 'GET /greeting?name=smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n'

/** Expects 400 and a closed connection, so that nothing after the head is read as a request. */
export function refused(
  section: string,
  sent: string,
  bytes: string,
  reason = 'the request is malformed',
  status = 400,
): WireCase {
  const body = { status, message: `${STATUS_CODES[status]}: ${reason}` }
  return { section, sent, bytes, statuses: [status], isClosed: true, body }
}

/** Writes the head of a request that has only the given lines, without a default Host. */
export function head(...lines: string[]): string {
  return `${lines.join('\r\n')}\r\n\r\n`
}

export const GET = 'GET /greeting HTTP/1.1'

export const POST = 'POST /mirror HTTP/1.1'

export const LOCAL = 'Host: localhost'

export const PLAIN = 'Content-Type: text/plain'

/** Writes a POST with the given fields and an empty chunked body, then a hidden request. */
export function codings(...lines: string[]): string {
  return `${head(POST, LOCAL, PLAIN, ...lines)}0\r\n\r\n${SMUGGLED}`
}

/** Writes a POST with the given fields and a body of five bytes, then a hidden request. */
export function lengths(...lines: string[]): string {
  return `${head(POST, LOCAL, PLAIN, ...lines)}hello${SMUGGLED}`
}

import { randomUUID } from 'node:crypto'

/** Text that is safe in a log and a header field: no white space, quotes or control characters. */
const REQUEST_ID = /^[\w.~+/=:-]{1,128}$/

/** Returns the client's X-Request-Id if it is valid, otherwise a random UUID (RFC 9562 §5.4). */
export function requestId(field: string | string[] | undefined): string {
  return typeof field === 'string' && REQUEST_ID.test(field) ? field : randomUUID()
}

import { randomUUID } from 'node:crypto'

/** What may stand in a log and come back in a field without harm: no white space, quote or control. */
const REQUEST_ID = /^[\w.~+/=:-]{1,128}$/

/** The id that the client sent in X-Request-Id, where it is one; else a new random UUID (RFC 9562 §5.4). */
export function requestId(field: string | string[] | undefined): string {
  return typeof field === 'string' && REQUEST_ID.test(field) ? field : randomUUID()
}

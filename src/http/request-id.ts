/**
 * Ids of requests. The service chooses the id of a request, so that nobody can make two requests look like one in the
 * log. A trusted proxy may choose it instead, so that one id names a request in the logs of all servers.
 */
import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { createProxyTrust } from './client-address.ts'

/** Text that is safe in a log and a header field: no white space, quotes or control characters. */
const REQUEST_ID = /^[\w.~+/=:-]{1,128}$/

/** Field in which a proxy passes on the X-Request-Id of the client, beside its own. */
const CLIENT_ID_FIELD = 'x-client-request-id'

/**
 * Creates a function that returns the id of a request: X-Request-Id if a trusted proxy sent it and it is valid,
 * otherwise a random UUID (RFC 9562 §5.4).
 */
export function createRequestIds(trustedProxies: readonly string[]) {
  const isTrusted = createProxyTrust(trustedProxies)
  return ({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): string => {
    const id = validId(headers['x-request-id'])
    return id !== undefined && isTrusted(socket.remoteAddress) ? id : randomUUID()
  }
}

/** Returns the id that the client claims; undefined if it claims none. */
export function clientRequestId(headers: IncomingHttpHeaders, id: string): string | undefined {
  const field = headers['x-request-id']
  if (field === undefined) return undefined
  return validId(field === id ? headers[CLIENT_ID_FIELD] : field)
}

function validId(field: string | string[] | undefined): string | undefined {
  return typeof field === 'string' && REQUEST_ID.test(field) ? field : undefined
}

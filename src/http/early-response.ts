/** Responses that are sent before the body of the request has arrived (RFC 9112 §9.3, §9.6). */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { hasBody } from './body.ts'

/** Largest body that is read to keep the connection. A new connection costs less than reading a larger one. */
const SMALL_BODY_BYTES = 65_536

/** Time in which a small body, or a chunked body, must arrive. Most clients send it directly behind the head. */
const BODY_WAIT_MS = 10

/**
 * Lets the response say `Connection: close` if the body has not arrived when the head of the response is written.
 * Otherwise a proxy could send the next request on the connection, where it would be taken for a part of the body.
 */
export function closeIfEarly(request: IncomingMessage, response: ServerResponse): void {
  if (!hasBody(request.headers)) return
  const { writeHead } = response
  response.writeHead = (...parameters: unknown[]) => {
    if (!request.complete) response.shouldKeepAlive = false
    return Reflect.apply(writeHead, response, parameters)
  }
}

/**
 * Reads and discards a body that nobody reads, unless it is large.
 *
 * @returns a promise that resolves at the end of the body, or after BODY_WAIT_MS; undefined if there is nothing to read,
 * or the body is large, is being read, or may be sent only after 100 Continue
 */
export function discardSmallBody(request: IncomingMessage): Promise<void> | undefined {
  if (request.complete !== false || !hasBody(request.headers)) return undefined // absent in an injected request
  const { headers, readableFlowing } = request
  const isLarge = Number(headers['content-length'] ?? 0) > SMALL_BODY_BYTES
  if (isLarge || headers.expect !== undefined || readableFlowing !== null) return undefined
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, BODY_WAIT_MS)
    request.resume().once('close', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

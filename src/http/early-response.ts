/** Responses that are sent before the body of the request has arrived (RFC 9112 §9.3, §9.6). */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { hasBody } from './body.ts'

/** Largest body that is read to keep the connection. A new connection costs less than reading a larger one. */
const SMALL_BODY_BYTES = 65_536

/** Time in which a small body, or a chunked body, must arrive. Most clients send it directly behind the head. */
const BODY_WAIT_MS = 10

declare module 'node:net' {
  interface Socket {
    /** Node's parser. `getCurrentBuffer` returns a copy of the packet that is being parsed. */
    parser?: { getCurrentBuffer(): Buffer }
  }
}

/**
 * Lets the response say `Connection: close` if it is written before the request has been read, or if bytes behind the
 * request may be lost: a proxy could send the next request on the connection, where it would be taken for a part of the
 * body, and Node's parser drops the rest of the packet after a request with Upgrade (RFC 9110 §7.8).
 */
export function closeUnlessRead(request: IncomingMessage, response: ServerResponse): void {
  const isUpgrade = request.headers.upgrade !== undefined
  const withBody = hasBody(request.headers)
  if (!isUpgrade && !withBody) return
  const end = isUpgrade ? endOf(request) : undefined
  const { writeHead } = response
  response.writeHead = (...parameters: unknown[]) => {
    const isLost = isUpgrade && request.socket.bytesRead !== end
    if (isLost || (withBody && !request.complete)) response.shouldKeepAlive = false
    return Reflect.apply(writeHead, response, parameters)
  }
}

/**
 * Returns the number of bytes on the connection up to the end of a request whose head is being parsed; undefined if
 * the head began in an earlier packet, or the body is chunked.
 */
function endOf({ method, headers, socket }: IncomingMessage): number | undefined {
  const packet = socket.parser?.getCurrentBuffer().toString('latin1') ?? ''
  const endOfHead = packet.indexOf('\r\n\r\n') + 4
  if (!packet.startsWith(`${method} `) || headers['transfer-encoding'] !== undefined)
    return undefined
  return socket.bytesRead - packet.length + endOfHead + Number(headers['content-length'] ?? 0)
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

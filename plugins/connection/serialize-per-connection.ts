/** Handles the requests of a connection one after the other, although Node reads several at once. */
import type { RequestListener } from 'node:http'
import type { Socket } from 'node:net'
import { connectionOf, type Exchange } from '../../src/http/connection.ts'
import { closeUnlessRead } from '../../src/http/early-response.ts'
import { joinUnreadChunks } from '../../src/http/small-chunks.ts'

declare module 'node:http' {
  interface ServerResponse {
    /** True for the last response that `maxRequestsPerSocket` allows. The types of Node lack this property. */
    maxRequestsOnConnectionReached?: boolean
  }
}

/**
 * Returns a request listener that handles a request after the previous response was sent.
 *
 * So a read sees the effect of an earlier write on the same connection (RFC 9112 §9.3.2), no request is handled
 * after a response that closes the connection (§9.6), and many small requests do not fill the memory with large
 * responses.
 */
export function serializePerConnection(handle: RequestListener): RequestListener {
  return (request, response) => {
    const { socket } = request
    const connection = connectionOf(socket)
    const before = pendingOn(socket)
    const exchange: Exchange = { request, response, before }
    connection.exchange = exchange
    closeUnlessRead(request, response)
    joinUnreadChunks(request)
    // Node only writes `Connection: close` into the last allowed response, and then sends 503 without end.
    if (response.maxRequestsOnConnectionReached) response.shouldKeepAlive = false
    if (!before) {
      handle(request, response)
      return
    }
    connection.waiting++
    // Otherwise a client that does not read its responses could fill the memory with further requests. Pauses later, since
    // Node resumes the socket at the end of each request.
    process.nextTick(() => connection.waiting > 0 && socket.pause())
    before.response.once('finish', () => {
      exchange.before = undefined
      connection.waiting--
      if (!socket.writable) return
      if (connection.waiting === 0) socket.resume()
      handle(request, response)
    })
  }
}

/** Returns the latest exchange on a connection; undefined if its response was sent. */
export function pendingOn({ connection }: Socket): Exchange | undefined {
  const exchange = connection?.exchange
  // Node detaches the socket once it has decided to keep or close the connection.
  const isOver = exchange?.response.writableFinished && exchange.response.socket === null
  return isOver ? undefined : exchange
}

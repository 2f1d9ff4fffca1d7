/** Handles the requests of a connection one after the other, although Node reads several at once. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** A request with its response. */
interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  /** The previous exchange, while this one waits for it. */
  before?: Exchange | undefined
}

declare module 'node:net' {
  interface Socket {
    /** Latest exchange on the connection. */
    exchange?: Exchange
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
    const before = pendingOn(socket)
    const exchange: Exchange = { request, response, before }
    socket.exchange = exchange
    if (!before) {
      handle(request, response)
      return
    }
    before.response.once('finish', () => {
      exchange.before = undefined
      if (socket.writable) handle(request, response)
    })
  }
}

/** Returns the latest exchange on a connection; undefined if its response was sent. */
export function pendingOn({ exchange }: Socket): Exchange | undefined {
  // Node detaches the socket once it has decided to keep or close the connection.
  const isOver = exchange?.response.writableFinished && exchange.response.socket === null
  return isOver ? undefined : exchange
}

/** Requests of one connection are handled one after the other, although Node reads several at once. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** A request with its response. */
interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  /** The exchange before, while this one waits for it. */
  before?: Exchange | undefined
}

declare module 'node:net' {
  interface Socket {
    /** Latest exchange on the connection. */
    exchange?: Exchange
  }
}

/**
 * Returns a request listener that handles a request after the response before it was sent.
 *
 * A read behind a write on the connection sees that write (RFC 9112 §9.3.2), nothing behind a response that
 * closes the connection is carried out (§9.6), and many small requests do not pile up large responses.
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

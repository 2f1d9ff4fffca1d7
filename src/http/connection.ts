/** State of a client's connection, and the way to close it after the last response. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'

/** A request with its response. */
export interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  /** The previous exchange, while this one waits for it. */
  before?: Exchange | undefined
}

/** The record of a connection. */
export interface Connection {
  /** Latest exchange on the connection. */
  exchange: Exchange | undefined
  /** Number of requests that wait until earlier responses are sent. */
  waiting: number
  /** Status of the refusal that ended the connection; undefined if there was none. */
  refusedStatus: number | undefined
  /** True once the last response was sent. */
  isClosing: boolean
  /** Bytes that were received or sent until the last tick of the deadlines. */
  bytesAtTick: number
}

declare module 'node:net' {
  interface Socket {
    /** A property, since a WeakMap would take longer than most hooks. Absent until `connectionOf` is called. */
    connection?: Connection
  }
}

/**
 * Reason for which a limit closed a connection: its network has too many, the service has too many, the process has no
 * file descriptors left, or the connection was idle and a new one has taken its place.
 */
export type LimitReached = 'network' | 'total' | 'descriptors' | 'idle'

/** Event of the server when a limit closes a connection, with a `LimitReached`. */
export const CONNECTION_LIMITED = 'connectionLimited'

/**
 * Limits of reading on after the last response. Closing a socket with unread bytes resets the connection, and the
 * client may lose the response (RFC 9112 §9.6).
 */
const LINGER_MS = 1_000
const LINGER_BYTES = 32 * 1_048_576

/** Returns the record of a connection, which is created at the first call. */
export function connectionOf(socket: Socket): Connection {
  socket.connection ??= createConnection(socket)
  return socket.connection
}

function createConnection(socket: Socket): Connection {
  // Node calls this method after the last response. Its own method would close the connection without reading on.
  socket.destroySoon = () => closeAfterReading(socket)
  return {
    exchange: undefined,
    waiting: 0,
    refusedStatus: undefined,
    isClosing: false,
    bytesAtTick: 0,
  }
}

/**
 * Sends what was written, reads on for at most LINGER_MS and LINGER_BYTES, and closes the connection. The bytes are
 * discarded, so further requests on the connection are not handled.
 */
export function closeAfterReading(socket: Socket): void {
  const connection = connectionOf(socket)
  if (connection.isClosing) return
  connection.isClosing = true
  socket.end()
  const lastByte = socket.bytesRead + LINGER_BYTES
  const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref()
  socket
    .removeAllListeners('data') // removes the parser
    .on('data', () => socket.bytesRead > lastByte && socket.destroy())
    .once('close', () => clearTimeout(timer))
    .resume()
}

/** Ends a response that has begun. */
export function cutResponse(response: ServerResponse): void {
  const { socket } = response
  // After a graceful close, the kernel would keep the unsent bytes for minutes.
  if (socket instanceof Socket) socket.resetAndDestroy()
  else response.destroy() // the response to an injected request
}

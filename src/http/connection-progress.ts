/** Progress of an exchange: what it waits for, and how many bytes have moved meanwhile. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { connectionOf } from './connection.ts'

/**
 * What an exchange waits for: the client that sends the body, the handler that has not begun the response, the client
 * that receives the response, or the handler that streams the response.
 */
export type Wait = 'body' | 'handler' | 'client' | 'stream'

declare module 'node:net' {
  interface Socket {
    /** Node has no public property for the bytes that the kernel has accepted. */
    _handle?: { bytesWritten: number; writeQueueSize: number } | null
  }
}

export function waitOf(request: IncomingMessage, response: ServerResponse): Wait {
  const { complete, readableFlowing, readableLength, socket } = request
  if (response.headersSent && socket.writableLength > 0) return 'client'
  // If bytes of the body are not read, or nobody has begun to read, then the service is slow and not the client.
  if (complete === false && readableFlowing !== null && readableLength === 0) return 'body'
  return response.headersSent ? 'stream' : 'handler'
}

/** Returns the number of bytes that the client has sent ('body') or received since the last call. */
export function bytesMoved(socket: Socket, wait: Wait): number {
  const connection = connectionOf(socket)
  const total = wait === 'body' ? socket.bytesRead : bytesAccepted(socket)
  const moved = total - connection.bytesAtTick
  connection.bytesAtTick = total
  return moved
}

/** Returns the number of bytes that the kernel has accepted; 0 if the connection is closed or simulated. */
function bytesAccepted({ _handle: handle }: Socket): number {
  return handle ? handle.bytesWritten - handle.writeQueueSize : 0
}

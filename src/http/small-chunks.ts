/**
 * Joins the small chunks of a body. Node adds some 250 bytes to each chunk, so a body of one-byte chunks would take 250
 * times its size.
 */
import type { IncomingMessage } from 'node:http'
import { hasBody } from './body.ts'

/** Size of a joined chunk, and the size from which a chunk is passed on as it is. */
const LARGE_BYTES = 4_096

/**
 * Returns an object that joins chunks until they are large, or until `flush` is called.
 *
 * @param emit takes a joined or large chunk
 */
export function createJoiner(emit: (chunk: Buffer) => void) {
  let joined = Buffer.alloc(0)
  let length = 0

  function flush() {
    if (length > 0) emit(joined.subarray(0, length))
    joined = Buffer.alloc(0)
    length = 0
  }

  function add(chunk: Buffer) {
    // Fills the buffer before it adds another one, so that no memory is wasted.
    const copied = chunk.copy(joined, length)
    length += copied
    if (copied === chunk.length) return
    flush()
    const rest = chunk.subarray(copied)
    if (rest.length >= LARGE_BYTES) return emit(rest)
    joined = Buffer.allocUnsafe(LARGE_BYTES)
    length = rest.copy(joined)
  }

  return { add, flush }
}

/** Joins the chunks of a request that wait to be read. Node reads ahead 64 KiB, which could be 65,536 chunks. */
export function joinUnreadChunks(request: IncomingMessage): void {
  if (!hasBody(request.headers)) return
  const { push, _read: read } = request
  /** True if the reader has called `_read` and waits for the next chunk. */
  let isAwaited = false

  function pushNow(chunk: Buffer | null) {
    isAwaited = false
    return push.call(request, chunk)
  }

  const unread = createJoiner(pushNow)
  request.push = (chunk: Buffer | null) => {
    if (chunk === null || isAwaited || request.readableLength === 0) {
      unread.flush()
      return pushNow(chunk)
    }
    unread.add(chunk)
    return request.readableLength < request.readableHighWaterMark
  }
  request._read = (size) => {
    isAwaited = true
    unread.flush()
    read.call(request, size)
  }
}

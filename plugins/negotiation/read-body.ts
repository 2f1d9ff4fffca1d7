/** Reads the bytes of a body. They take little more memory than their number, in whatever chunks they arrive. */
import type { Readable } from 'node:stream'
import { errorCodes, type FastifyRequest } from 'fastify'
import { HttpError } from '../../src/http/http-error.ts'
import { createJoiner } from '../../src/http/small-chunks.ts'

const { FST_ERR_CTP_BODY_TOO_LARGE, FST_ERR_CTP_INVALID_CONTENT_LENGTH } = errorCodes

/**
 * Smallest average size of the chunks in a body with many chunks. Parsing a chunk takes 3 µs, so a packet of one-byte chunks
 * would stop the event loop for 30 ms.
 */
const MIN_AVERAGE_BYTES = 16
const MANY_CHUNKS = 1_000

/** A body that is being received. */
export interface Upload {
  /** Number of bytes that have arrived. */
  heldBytes: number
  /** Stops reading, and sends the error. */
  refuse(error: HttpError): void
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set while the body is being received. */
    upload: Upload | undefined
  }
}

/**
 * Returns the body of a request.
 *
 * @param body the bytes, which a preParsing hook may have decoded
 * @throws {Error} with `statusCode` 413 if the body is larger than the route allows; 400 if its length differs from
 * Content-Length, its chunks are too small, or the client has disconnected
 */
export function readBody(request: FastifyRequest, body: Readable): Promise<Buffer> {
  const { bodyLimit } = request.routeOptions
  const declared = Number(request.headers['content-length'])
  if (declared > bodyLimit) throw new FST_ERR_CTP_BODY_TOO_LARGE()

  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const upload: Upload = { heldBytes: 0, refuse: stop }
  let count = 0
  const chunks: Buffer[] = []
  const others = createJoiner((chunk) => chunks.push(chunk))

  function append(chunk: Buffer) {
    // Most bodies have one chunk, which needs no copy.
    if (upload.heldBytes === 0) chunks.push(chunk)
    else others.add(chunk)
    upload.heldBytes += chunk.length
    count++
    if (upload.heldBytes > bodyLimit) stop(new FST_ERR_CTP_BODY_TOO_LARGE())
    else if (count > MANY_CHUNKS && upload.heldBytes < count * MIN_AVERAGE_BYTES) stop(tooSmall())
  }

  function end() {
    others.flush()
    const isComplete = Number.isNaN(declared) || declared === upload.heldBytes
    stop(isComplete ? undefined : new FST_ERR_CTP_INVALID_CONTENT_LENGTH())
  }

  /** The client has disconnected, or a preParsing hook cannot decode the body. */
  function fail(error: Error & { statusCode?: number }) {
    stop(Object.assign(error, { statusCode: error.statusCode ?? 400 }))
  }

  function stop(error?: Error) {
    body.off('data', append).off('end', end).off('error', fail)
    request.upload = undefined
    if (error) reject(error)
    else resolve(Buffer.concat(chunks))
  }

  request.upload = upload
  body.on('data', append).on('end', end).on('error', fail).resume()
  return promise
}

function tooSmall() {
  return new HttpError('BAD_REQUEST', 'the body has too many small chunks')
}

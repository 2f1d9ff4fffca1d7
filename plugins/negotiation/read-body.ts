/** Reads the bytes of a body. The size of the chunks hardly changes how much memory they take. */
import type { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { bodyTooLarge } from '../../src/http/body-options.ts'
import { HttpError } from '../../src/http/http-error.ts'
import { createJoiner } from '../../src/http/small-chunks.ts'

/**
 * Smallest average size of the chunks in a body with many chunks. Parsing a chunk takes 3 µs, so a packet of one-byte chunks
 * would stop the event loop for 30 ms.
 */
const MIN_AVERAGE_BYTES = 16
const MANY_CHUNKS = 1_000

const badRequest = (detail: string) => new HttpError('BAD_REQUEST', detail)

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
  if (body.readableEnded) return Promise.resolve(Buffer.alloc(0)) // no event follows (optimizeEmptyRequests)
  const { bodyLimit } = request.routeOptions
  const declared = Number(request.headers['content-length'])
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
    if (upload.heldBytes > bodyLimit) stop(bodyTooLarge(bodyLimit))
    else if (count > MANY_CHUNKS && upload.heldBytes < count * MIN_AVERAGE_BYTES)
      stop(badRequest('the body has too many small chunks'))
  }

  function end() {
    others.flush()
    if (declared >= 0 && declared !== upload.heldBytes) {
      stop(badRequest('the length of the body differs from Content-Length'))
    } else {
      stop()
    }
  }

  function stop(error?: Error) {
    body.off('data', append).off('end', end).off('error', fail)
    request.upload = undefined
    if (error) reject(error)
    else resolve(Buffer.concat(chunks))
  }

  const fail = (error: Error) => stop(withStatus(error))
  request.upload = upload
  body.on('data', append).on('end', end).on('error', fail).resume()
  return promise
}

/** Adds the status 400 to the error of a client that has disconnected, or of a preParsing hook that cannot decode. */
function withStatus(error: Error & { statusCode?: number }): Error {
  return Object.assign(error, { statusCode: error.statusCode ?? 400 })
}

import { HttpError } from './http-error.ts'

const decoder = new TextDecoder('utf-8', { fatal: true })

/**
 * Decodes a body of UTF-8 text; a byte order mark at its start is dropped (RFC 3629 §6).
 *
 * @throws {HttpError} 400 for octets that are no UTF-8.
 */
export function decodeText(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new HttpError('BAD_REQUEST', 'the body is not valid UTF-8')
  }
}

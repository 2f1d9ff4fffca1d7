import { HttpError } from './http-error.ts'

const decoder = new TextDecoder('utf-8', { fatal: true })

/**
 * Decodes UTF-8 text and removes a byte order mark at its start (RFC 3629 §6).
 *
 * @throws {HttpError} 400 if the bytes are not valid UTF-8
 */
export function decodeText(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new HttpError('BAD_REQUEST', 'the body is not valid UTF-8')
  }
}

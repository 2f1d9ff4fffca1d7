import { HttpError } from '../http-error.ts'

export function malformedMultipart(reason: string): HttpError {
  return new HttpError('BAD_REQUEST', `the multipart body is malformed: ${reason}`)
}

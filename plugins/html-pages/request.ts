import type { FastifyRequest } from 'fastify'
import { schemeOf } from '../../src/http/authentication-schemes.ts'
import { hasBody } from '../../src/http/body.ts'
import { essenceOf, JSON_TYPE } from '../../src/http/media-types.ts'
import { absoluteUrl } from '../../src/http/request-target.ts'
import { isUnsafe } from '../../src/http/route-info.ts'
import type { CurlRequest } from './curl.ts'

/** Header fields of a request that a page shows after a write or an error, since they affect the response. */
const SHOWN_FIELDS = [
  'content-type',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'if-unmodified-since',
  'range',
]

/** Returns the request with `Accept: application/json` and without credentials. */
export function jsonRequestOf(request: FastifyRequest, status: number): CurlRequest {
  const { headers, bytes, server } = request
  const shown = isUnsafe(request) || status >= 400 ? SHOWN_FIELDS : []
  const fields = shown.flatMap((name) => (headers[name] ? [[name, String(headers[name])]] : []))
  return {
    // The response to HEAD has the header fields of the response to GET (RFC 9110 §9.3.2).
    method: request.method === 'HEAD' ? 'GET' : request.method,
    url: absoluteUrl(request),
    fields: { accept: essenceOf(JSON_TYPE), ...Object.fromEntries(fields) },
    scheme:
      schemeOf(headers.authorization ?? '') ??
      (status === 401 ? server.authenticationSchemes?.[0] : undefined),
    // The credentials of the account would not get the 401 that the page shows.
    account: status === 401 ? undefined : server.trialAccount,
    body: isUnsafe(request) && hasBody(headers) ? (bytes ?? null) : undefined,
  }
}

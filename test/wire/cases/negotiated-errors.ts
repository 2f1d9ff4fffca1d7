import { request, type WireCase } from '../case.ts'
import { AUTHORIZED, BROWSER, JSON_TYPE, TEXT, VARIES } from '../fields.ts'

const ACCEPT = 'RFC 9110 §12.5.1'

const WEIGHT = 'RFC 9110 §12.4.2'

const VARY = 'RFC 9110 §12.5.5'

const NOT_ACCEPTABLE = 'RFC 9110 §15.5.7'

/** Requests a missing resource. Expects the 404 in the media type that Accept requests. */
function errorAs(
  sent: string,
  accept: string,
  mediaType: string,
  body: string | RegExp | object,
  section = ACCEPT,
): WireCase {
  return {
    section,
    sent,
    bytes: request('GET /nowhere', { Accept: accept }),
    statuses: [404],
    headers: { 'content-type': mediaType, vary: VARIES },
    body,
  }
}

/** Expects the given status, as XML and with Accept in Vary. */
function varies(sent: string, bytes: string, status: number): WireCase {
  const headers = { vary: VARIES, 'content-type': 'application/xml; charset=utf-8' }
  return { section: VARY, sent, bytes, statuses: [status], headers }
}

const XML = { Accept: 'application/xml' }

/** A note with a unique author. */
const NOTE = '{"title":"t","body":"b","author":"unacceptable"}'

export const NEGOTIATED_ERRORS: WireCase[] = [
  {
    section: NOT_ACCEPTABLE,
    sent: 'POST of a note with an unacceptable Accept',
    bytes:
      request('POST /notes', { ...AUTHORIZED, ...JSON_TYPE, Accept: 'image/png' }, NOTE) +
      request('GET /notes?author=unacceptable', { Accept: 'application/json' }),
    statuses: [406, 200],
    body: { items: [] },
  },
  {
    section: NOT_ACCEPTABLE,
    sent: 'PUT of a note with an unacceptable Accept',
    bytes:
      request(
        'PUT /notes/40600',
        { ...AUTHORIZED, ...JSON_TYPE, 'If-None-Match': '*', Accept: '*/*;q=0' },
        NOTE,
      ) + request('GET /notes/40600'),
    statuses: [406, 404],
    body: { status: 404, message: 'Not Found: http://localhost/notes/40600' },
  },
  {
    section: NOT_ACCEPTABLE,
    sent: 'text/plain, which is available for errors but not for the resource',
    bytes: request('POST /files', { ...TEXT, Accept: 'text/plain' }, 'x'),
    statuses: [406],
    headers: { 'content-type': 'text/plain; charset=utf-8', vary: VARIES },
    body: '406 Not Acceptable: no acceptable media type; available: application/json, application/xml, text/html\n',
  },

  errorAs('a missing resource as any type', '*/*', 'application/json; charset=utf-8', {
    status: 404,
    message: 'Not Found: http://localhost/nowhere',
  }),
  errorAs(
    'a missing resource as an unavailable type',
    'image/png',
    'application/json; charset=utf-8',
    {
      status: 404,
      message: 'Not Found: http://localhost/nowhere',
    },
  ),
  errorAs(
    'a missing resource as problem details',
    'application/problem+json',
    'application/problem+json',
    {
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      message: 'Not Found: http://localhost/nowhere',
      detail: 'http://localhost/nowhere',
    },
    'RFC 9457 §3',
  ),
  errorAs(
    'a missing resource as problem details in XML',
    'application/problem+xml',
    'application/problem+xml',
    /<problem xmlns="urn:ietf:rfc:7807"><type>about:blank<\/type><title>Not Found<\/title><status>404<\/status>/,
    'RFC 9457 §3',
  ),
  errorAs(
    'a missing resource as XML',
    'application/xml',
    'application/xml; charset=utf-8',
    /<error><status>404<\/status><message>Not Found: http:\/\/localhost\/nowhere<\/message><\/error>/,
  ),
  errorAs(
    'a missing resource as HTML',
    'text/html',
    'text/html; charset=utf-8',
    /<h1>404 Not Found<\/h1>/,
  ),
  errorAs(
    'a missing resource as text',
    'text/plain',
    'text/plain; charset=utf-8',
    '404 Not Found: http://localhost/nowhere\n',
  ),
  errorAs(
    'a missing resource as problem details, or as HTML with less weight',
    'text/html;q=0.4, application/problem+json;q=0.5',
    'application/problem+json',
    /^\{"type":"about:blank"/,
    WEIGHT,
  ),
  errorAs(
    'a missing resource with the Accept of a browser',
    BROWSER,
    'text/html; charset=utf-8',
    /<h1>404 Not Found<\/h1>/,
  ),

  varies('a resource as XML', request('GET /notes/123', XML), 200),
  varies('a malformed query, as XML', request('GET /greeting?a=%zz', XML), 400),
  varies('a protected resource without credentials, as XML', request('GET /vault', XML), 401),
  varies('a missing resource, as XML', request('GET /nowhere', XML), 404),
  varies(
    'a method that the resource does not support, as XML',
    request('DELETE /greeting', XML),
    405,
  ),
  varies(
    'an unsupported body type, as XML',
    request('POST /mirror', { ...XML, 'Content-Type': 'image/png' }, 'x'),
    415,
  ),
  {
    section: VARY,
    sent: 'HEAD as XML',
    bytes: request('HEAD /greeting', XML),
    statuses: [200],
    headers: { vary: VARIES, 'content-type': 'application/xml; charset=utf-8' },
  },
  {
    section: 'RFC 9110 §15.4.5',
    sent: 'If-None-Match with the ETag of the XML, as XML',
    before: [request('GET /notes/123', XML)],
    bytes: request('GET /notes/123', { ...XML, 'If-None-Match': '{etag}' }),
    statuses: [304],
    headers: { vary: VARIES, etag: /-xml"$/, 'content-type': null },
  },
  {
    section: 'RFC 9110 §8.8.3',
    sent: 'If-None-Match with the ETag of the XML, as JSON',
    before: [request('GET /notes/123', XML)],
    bytes: request('GET /notes/123', { Accept: 'application/json', 'If-None-Match': '{etag}' }),
    statuses: [200],
    headers: { vary: VARIES, etag: /-json"$/, 'content-type': 'application/json; charset=utf-8' },
    body: /^\{"id":123,/,
  },
]

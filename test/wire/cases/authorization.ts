import { request, utf8, type WireCase } from '../case.ts'
import { JSON_TYPE } from '../fields.ts'
import { BOTH, base64, TOKEN, unauthorized } from './accounts.ts'

const CHALLENGE = 'RFC 9110 §11.6.1'

const READER = { Authorization: 'Bearer reader-token' }

const SECRET = 'Gold'

/** Requests a protected resource without credentials. Expects the 401 in the media type that Accept requests. */
function challengeAs(
  sent: string,
  accept: string,
  mediaType: string,
  body: string | RegExp,
): WireCase {
  return {
    section: CHALLENGE,
    sent,
    bytes: request('GET /vault', { Accept: accept }),
    statuses: [401],
    headers: { 'www-authenticate': BOTH, 'content-type': mediaType },
    body,
  }
}

export const AUTHORIZATION: WireCase[] = [
  challengeAs(
    'no credentials, as XML',
    'application/xml',
    'application/xml; charset=utf-8',
    /<error><status>401<\/status><message>Authenticate.<\/message><\/error>/,
  ),
  challengeAs(
    'no credentials, as HTML',
    'text/html',
    'text/html; charset=utf-8',
    /<h1>401 Unauthorized<\/h1>/,
  ),
  challengeAs(
    'no credentials, as text',
    'text/plain',
    'text/plain; charset=utf-8',
    '401 Authenticate.\n',
  ),
  challengeAs(
    'no credentials, as problem details',
    'application/problem+json',
    'application/problem+json',
    '{"type":"about:blank","title":"Unauthorized","status":401,"message":"Authenticate."}',
  ),
  {
    section: 'RFC 9110 §9.3.2',
    sent: 'HEAD without credentials',
    bytes: request('HEAD /vault'),
    statuses: [401],
    headers: { 'www-authenticate': BOTH, 'content-length': '40' },
  },
  {
    section: 'RFC 9110 §9.3.2',
    sent: 'HEAD with credentials',
    bytes: request('HEAD /vault', READER),
    statuses: [200],
    headers: {
      'www-authenticate': null,
      'cache-control': 'no-store',
      'content-length': String(SECRET.length),
    },
  },
  {
    section: 'RFC 9111 §5.2.2.5',
    sent: 'GET of a protected resource (caches must not store the response)',
    bytes: request('GET /vault', READER),
    statuses: [200],
    headers: { 'cache-control': 'no-store' },
    body: SECRET,
  },
  {
    section: 'RFC 9111 §5.2.2.5',
    sent: 'GET of a protected resource as JSON (caches must not store the response)',
    bytes: request('GET /vault', { ...READER, Accept: 'application/json' }),
    statuses: [200],
    headers: { 'cache-control': 'no-store', 'www-authenticate': null },
    body: { message: SECRET },
  },
  {
    section: 'RFC 6750 §3.1',
    sent: 'DELETE with a token without the required scope, then GET of the note',
    bytes: request('DELETE /notes/123', { ...READER, 'If-Match': '*' }) + request('GET /notes/123'),
    statuses: [403, 200],
    body: 'You are reading 123',
  },
  {
    section: 'RFC 6750 §3.1',
    sent: 'a token without the required scope (the challenge names the scope)',
    bytes: request('DELETE /notes/123', { ...READER, 'If-Match': '*' }),
    statuses: [403],
    headers: {
      'www-authenticate': 'Bearer realm="Example", error="insufficient_scope", scope="write"',
    },
    body: { status: 403, message: 'Forbidden: scope write is required' },
  },
  {
    section: 'RFC 6750 §3.1',
    sent: 'a token without the required scope, for a missing note and with an unsupported type',
    bytes: request('PUT /notes/999', { ...READER, 'Content-Type': 'image/png' }, 'x'),
    statuses: [403],
    headers: { 'www-authenticate': /error="insufficient_scope"/, accept: null },
    body: { status: 403, message: 'Forbidden: scope write is required' },
  },
  {
    section: 'RFC 9110 §15.5.4',
    sent: 'a password of an account without the required scope',
    bytes: request(
      'POST /notes',
      { ...JSON_TYPE, Authorization: `Basic ${base64(utf8('zoë:pässwörd €'))}` },
      '{}',
    ),
    statuses: [403],
    body: { status: 403, message: 'Forbidden: scope write is required' },
  },
  {
    section: 'RFC 9110 §15.5.2',
    sent: 'a token with the required scope, and an invalid body',
    bytes: request('POST /notes', { ...JSON_TYPE, Authorization: `Bearer ${TOKEN}` }, '[]'),
    statuses: [400],
    headers: { 'www-authenticate': null },
    body: {
      status: 400,
      message: 'Bad Request: body must be object',
      errors: [{ in: 'body', pointer: '', message: 'must be object' }],
    },
  },
  {
    section: 'RFC 9110 §11.6.2',
    sent: 'a wrong token for an unprotected resource',
    bytes: request('GET /greeting', { Authorization: 'Bearer none' }),
    statuses: [200],
    headers: { 'www-authenticate': null },
    body: 'Hello World',
  },

  unauthorized(
    'RFC 9110 §15.5.2',
    'DELETE of a missing note, without credentials',
    request('DELETE /notes/999'),
  ),
  unauthorized(
    'RFC 9110 §15.5.2',
    'DELETE of an invalid id, without credentials',
    request('DELETE /notes/x'),
  ),
  unauthorized(
    'RFC 9110 §15.5.2',
    'POST of an unsupported type, without credentials',
    request('POST /notes', { 'Content-Type': 'image/png' }, 'x'),
  ),
  unauthorized(
    'RFC 9110 §15.5.2',
    'POST of malformed JSON, without credentials',
    request('POST /notes', JSON_TYPE, '{'),
  ),
  unauthorized(
    'RFC 9110 §15.5.2',
    'DELETE with a wrong ETag, without credentials',
    request('DELETE /notes/123', { 'If-Match': '"x"' }),
  ),
  unauthorized(
    'RFC 9110 §15.5.2',
    'GET with an unacceptable Accept, without credentials',
    request('GET /vault', { Accept: 'image/png' }),
  ),
]

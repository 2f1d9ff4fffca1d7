import { hashPassword } from '../../../plugins/auth/password.ts'
import { digestToken } from '../../../plugins/auth/token.ts'
import { request, utf8, type WireCase } from '../case.ts'

const CREDENTIALS = 'RFC 9110 §11.4'
const BASIC = 'RFC 7617 §2'
const BEARER = 'RFC 6750 §2.1'
const CHALLENGE = 'RFC 9110 §11.6.1'

/** Who is known: the writers may write, a reader may not. */
export const ACCOUNTS = {
  AUTH_USERS: [
    `writer:write:${await hashPassword('se:cr:et')}`,
    `zoë::${await hashPassword('pässwörd €')}`,
  ].join(' '),
  AUTH_TOKENS: [
    `writer:write:${digestToken('a.token~of+all/characters_-0==')}`,
    `reader::${digestToken('reader-token')}`,
  ].join(' '),
}

const TOKEN = 'a.token~of+all/characters_-0=='
const READER = { Authorization: 'Bearer reader-token' }
const SECRET = 'Shhh this is top secret spy stuff!'
const BOTH = 'Basic realm="Example", Bearer realm="Example"'
const UNAUTHENTICATED = { status: 401, message: 'Authenticate.' }

/** Octets, one a character, in base64. */
function base64(credentials: string): string {
  return Buffer.from(credentials, 'latin1').toString('base64')
}

const WRITER = base64('writer:se:cr:et')

/** Credentials that prove who sends them. */
function letIn(section: string, sent: string, authorization: string): WireCase {
  return {
    section,
    sent,
    octets: request('GET /secrets', { Authorization: authorization }),
    statuses: [200],
    headers: { 'www-authenticate': null },
    body: SECRET,
  }
}

/** A request that is asked for credentials, and told no more. */
function keptOut(section: string, sent: string, octets: string): WireCase {
  return {
    section,
    sent,
    octets,
    statuses: [401],
    headers: { 'www-authenticate': BOTH, 'cache-control': null, allow: null, accept: null },
    body: UNAUTHENTICATED,
  }
}

/** Credentials that prove nothing. */
function refused(section: string, sent: string, authorization: string): WireCase {
  return keptOut(section, sent, request('GET /secrets', { Authorization: authorization }))
}

/** A 401 in a media type. */
function told(sent: string, accept: string, mediaType: string, body: string | RegExp): WireCase {
  return {
    section: CHALLENGE,
    sent,
    octets: request('GET /secrets', { Accept: accept }),
    statuses: [401],
    headers: { 'www-authenticate': BOTH, 'content-type': mediaType },
    body,
  }
}

/** Two fields, of which another reader could take the other one. */
function twice(sent: string, first: string, second: string): WireCase {
  return {
    section: 'RFC 9110 §5.3',
    sent,
    octets: request('GET /secrets', { Authorization: first, authorization: second }),
    statuses: [400],
    isClosed: true,
    body: { status: 400, message: 'Bad Request: there is more than one Authorization' },
  }
}

const JSON_TYPE = { 'Content-Type': 'application/json' }
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }

export const AUTHENTICATION: WireCase[] = [
  letIn(BASIC, 'a name and a password that holds colons', `Basic ${WRITER}`),
  letIn(
    'RFC 7617 §2.1',
    'a name and a password in UTF-8',
    `Basic ${base64(utf8('zoë:pässwörd €'))}`,
  ),
  letIn(BEARER, 'a token of all the characters that one may have', `Bearer ${TOKEN}`),
  letIn('RFC 9110 §11.1', 'Basic in lower case', `basic ${WRITER}`),
  letIn('RFC 9110 §11.1', 'Basic in upper case', `BASIC ${WRITER}`),
  letIn('RFC 9110 §11.1', 'Bearer in lower case', 'bearer reader-token'),
  letIn('RFC 9110 §11.1', 'Bearer in mixed case', 'bEaReR reader-token'),
  letIn(CREDENTIALS, 'several spaces behind the scheme', `Basic    ${WRITER}`),
  letIn('RFC 9110 §5.5', 'white space round the field', ' \t Bearer reader-token \t '),

  keptOut(CHALLENGE, 'no credentials', request('GET /secrets')),
  refused(CREDENTIALS, 'an empty Authorization', ''),
  refused(CREDENTIALS, 'a tab behind Basic', `Basic\t${WRITER}`),
  refused(CREDENTIALS, 'a tab behind Bearer', 'Bearer\treader-token'),
  refused(CREDENTIALS, 'Basic without credentials', 'Basic'),
  refused(CREDENTIALS, 'Bearer without a token', 'Bearer'),
  refused(CREDENTIALS, 'credentials without a scheme', WRITER),
  refused(CREDENTIALS, 'a token without a scheme', 'reader-token'),
  refused(CREDENTIALS, 'a scheme without a space', `Basic${WRITER}`),
  refused('RFC 7616 §3.4', 'a scheme that is not taken (Digest)', 'Digest username="writer"'),
  refused('RFC 9110 §11.6.2', 'two schemes in one field', `Basic ${WRITER}, Bearer reader-token`),
  refused(BASIC, 'a wrong password', `Basic ${base64('writer:se:cr:eT')}`),
  refused(BASIC, 'a password up to its first colon', `Basic ${base64('writer:se')}`),
  refused(BASIC, 'an empty password', `Basic ${base64('writer:')}`),
  refused(BASIC, 'an empty name', `Basic ${base64(':se:cr:et')}`),
  refused(BASIC, 'a colon and nothing else', `Basic ${base64(':')}`),
  refused(BASIC, 'a name without a colon', `Basic ${base64('writer')}`),
  refused(BASIC, 'a name that is not known', `Basic ${base64('nobody:se:cr:et')}`),
  refused(BASIC, 'a name in other case', `Basic ${base64('Writer:se:cr:et')}`),
  refused(BASIC, 'a control character in the name', `Basic ${base64('writer\x7f:se:cr:et')}`),
  refused(BASIC, 'a NUL behind the password', `Basic ${base64('writer:se:cr:et\x00')}`),
  refused(BASIC, 'a line break behind the password', `Basic ${base64('writer:se:cr:et\n')}`),
  refused(
    'RFC 7617 §2.1',
    'a name and a password in ISO 8859-1',
    `Basic ${base64('zo\xeb:p\xe4ssw\xf6rd')}`,
  ),
  refused(BASIC, 'credentials that are not encoded', 'Basic writer:se:cr:et'),
  refused(
    'RFC 4648 §4',
    'base64 with white space',
    `Basic ${WRITER.slice(0, 8)} ${WRITER.slice(8)}`,
  ),
  refused('RFC 4648 §4', 'base64 with a character that is none of it', `Basic ${WRITER}!`),
  refused('RFC 4648 §4', 'base64 with too much padding', `Basic ${WRITER}====`),
  refused('RFC 4648 §4', 'base64 that is cut short', `Basic ${WRITER.slice(0, -1)}`),
  refused(
    'RFC 4648 §5',
    'base64url',
    `Basic ${base64('writer:\xfb\xff\xbf').replaceAll('+', '-').replaceAll('/', '_')}`,
  ),
  refused(BEARER, 'a wrong token', 'Bearer reader-tokem'),
  refused(BEARER, 'a token in upper case', 'Bearer READER-TOKEN'),
  refused(BEARER, 'a token with a character that none has', 'Bearer reader(token)'),
  refused(BEARER, 'a token in quotes', 'Bearer "reader-token"'),
  refused(BEARER, 'a token with padding that it does not have', 'Bearer reader-token='),
  refused(BEARER, 'two tokens', 'Bearer reader-token reader-token'),
  refused(BEARER, 'a token and a parameter', 'Bearer reader-token, realm="Example"'),
  refused(BEARER, 'a password as a token', `Bearer ${WRITER}`),
  refused(BEARER, 'a token of 8,000 characters', `Bearer ${'a'.repeat(8_000)}`),
  twice('two Authorizations, the first right', 'Bearer reader-token', 'Bearer none'),
  twice('two Authorizations, the second right', 'Bearer none', 'Bearer reader-token'),
  twice('two schemes in two Authorizations', `Basic ${WRITER}`, 'Bearer reader-token'),
  keptOut(
    'RFC 6750 §2.3',
    'a token in the query',
    request('GET /secrets?access_token=reader-token'),
  ),
  keptOut(
    'RFC 6750 §2.2',
    'a token in the body',
    request('POST /articles', FORM, `access_token=${encodeURIComponent(TOKEN)}`),
  ),
  keptOut(
    'RFC 9110 §11.7.2',
    'credentials for a proxy',
    request('GET /secrets', { 'Proxy-Authorization': 'Bearer reader-token' }),
  ),
  keptOut(
    'RFC 6265 §8.2',
    'a token in a cookie',
    request('GET /secrets', { Cookie: 'access_token=reader-token' }),
  ),

  told(
    'no credentials, as XML',
    'application/xml',
    'application/xml; charset=utf-8',
    /<error><status>401<\/status><message>Authenticate.<\/message><\/error>/,
  ),
  told(
    'no credentials, as a page',
    'text/html',
    'text/html; charset=utf-8',
    /<h1>401 Unauthorized<\/h1>/,
  ),
  told('no credentials, as text', 'text/plain', 'text/plain; charset=utf-8', '401 Authenticate.\n'),
  told(
    'no credentials, as problem details',
    'application/problem+json',
    'application/problem+json',
    '{"type":"about:blank","title":"Unauthorized","status":401}',
  ),
  {
    section: 'RFC 9110 §9.3.2',
    sent: 'HEAD without credentials',
    octets: request('HEAD /secrets'),
    statuses: [401],
    headers: { 'www-authenticate': BOTH, 'content-length': '40' },
  },
  {
    section: 'RFC 9110 §9.3.2',
    sent: 'HEAD with credentials',
    octets: request('HEAD /secrets', READER),
    statuses: [200],
    headers: {
      'www-authenticate': null,
      'cache-control': 'no-store',
      'content-length': String(SECRET.length),
    },
  },
  {
    section: 'RFC 9111 §5.2.2.5',
    sent: 'the secret, which no cache may keep',
    octets: request('GET /secrets', READER),
    statuses: [200],
    headers: { 'cache-control': 'no-store' },
    body: SECRET,
  },
  {
    section: 'RFC 9111 §5.2.2.5',
    sent: 'the secret as JSON, which no cache may keep',
    octets: request('GET /secrets', { ...READER, Accept: 'application/json' }),
    statuses: [200],
    headers: { 'cache-control': 'no-store', 'www-authenticate': null },
    body: { message: SECRET },
  },
  {
    section: 'RFC 6750 §3.1',
    sent: 'a token that may not do this',
    octets:
      request('DELETE /articles/123', { ...READER, 'If-Match': '*' }) +
      request('GET /articles/123'),
    statuses: [403, 200],
    body: 'You are reading 123',
  },
  {
    section: 'RFC 6750 §3.1',
    sent: 'a token that may not do this, and what it would take',
    octets: request('DELETE /articles/123', { ...READER, 'If-Match': '*' }),
    statuses: [403],
    headers: {
      'www-authenticate': 'Bearer realm="Example", error="insufficient_scope", scope="write"',
    },
    body: { status: 403, message: 'Forbidden: scope write is required' },
  },
  {
    section: 'RFC 6750 §3.1',
    sent: 'a token that may not do this, to what is not there and with a type that is not taken',
    octets: request('PUT /articles/999', { ...READER, 'Content-Type': 'image/png' }, 'x'),
    statuses: [403],
    headers: { 'www-authenticate': /error="insufficient_scope"/, accept: null },
    body: { status: 403, message: 'Forbidden: scope write is required' },
  },
  {
    section: 'RFC 9110 §15.5.4',
    sent: 'a password that may not do this',
    octets: request(
      'POST /articles',
      { ...JSON_TYPE, Authorization: `Basic ${base64(utf8('zoë:pässwörd €'))}` },
      '{}',
    ),
    statuses: [403],
    body: { status: 403, message: 'Forbidden: scope write is required' },
  },
  {
    section: 'RFC 9110 §15.5.2',
    sent: 'a token that may do this, and a body that is no article',
    octets: request('POST /articles', { ...JSON_TYPE, Authorization: `Bearer ${TOKEN}` }, '[]'),
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
    sent: 'a wrong token where nobody is asked',
    octets: request('GET /hello', { Authorization: 'Bearer none' }),
    statuses: [200],
    headers: { 'www-authenticate': null },
    body: 'Hello John Doe',
  },

  keptOut('RFC 9110 §15.5.2', 'a write to what is not there', request('DELETE /articles/999')),
  keptOut('RFC 9110 §15.5.2', 'a write under an id that is none', request('DELETE /articles/x')),
  keptOut(
    'RFC 9110 §15.5.2',
    'a write of a type that is not taken',
    request('POST /articles', { 'Content-Type': 'image/png' }, 'x'),
  ),
  keptOut(
    'RFC 9110 §15.5.2',
    'a write of what is malformed',
    request('POST /articles', JSON_TYPE, '{'),
  ),
  keptOut(
    'RFC 9110 §15.5.2',
    'a write of a version that is not there',
    request('DELETE /articles/123', { 'If-Match': '"x"' }),
  ),
  keptOut(
    'RFC 9110 §15.5.2',
    'a read with nothing acceptable to answer',
    request('GET /secrets', { Accept: 'image/png' }),
  ),
]

import { request, utf8, type WireCase } from '../case.ts'
import { FORM } from '../fields.ts'
import { base64, TOKEN, unauthorized } from './accounts.ts'

const CREDENTIALS = 'RFC 9110 §11.4'

const BASIC = 'RFC 7617 §2'

const BEARER = 'RFC 6750 §2.1'

const CHALLENGE = 'RFC 9110 §11.6.1'

const SECRET = 'Gold'

const WRITER = base64('writer:se:cr:et')

/** Expects valid credentials to be accepted. */
function accepted(section: string, sent: string, authorization: string): WireCase {
  return {
    section,
    sent,
    bytes: request('GET /vault', { Authorization: authorization }),
    statuses: [200],
    headers: { 'www-authenticate': null },
    body: SECRET,
  }
}

/** Expects 401 for invalid credentials. */
function rejected(section: string, sent: string, authorization: string): WireCase {
  return unauthorized(section, sent, request('GET /vault', { Authorization: authorization }))
}

/** Expects 400 for two Authorization fields, since a proxy could check one and the service the other. */
function duplicated(sent: string, first: string, second: string): WireCase {
  return {
    section: 'RFC 9110 §5.3',
    sent,
    bytes: request('GET /vault', { Authorization: first, authorization: second }),
    statuses: [400],
    isClosed: true,
    body: { status: 400, message: 'Bad Request: there is more than one Authorization' },
  }
}

export const CREDENTIAL_CASES: WireCase[] = [
  accepted(BASIC, 'a user name and a password with colons', `Basic ${WRITER}`),
  accepted(
    'RFC 7617 §2.1',
    'a user name and a password in UTF-8',
    `Basic ${base64(utf8('zoë:pässwörd €'))}`,
  ),
  accepted(
    'RFC 8265 §4.2',
    'a user name and a password with decomposed characters',
    `Basic ${base64(utf8('zoë:pässwörd €'.normalize('NFD')))}`,
  ),
  accepted(
    'RFC 8265 §4.2',
    'a password with a no-break space instead of a space',
    `Basic ${base64(utf8('zoë:pässwörd\u00a0€'))}`,
  ),
  accepted(BEARER, 'a token with every kind of allowed character', `Bearer ${TOKEN}`),
  accepted('RFC 9110 §11.1', 'the scheme Basic in lower case', `basic ${WRITER}`),
  accepted('RFC 9110 §11.1', 'the scheme Basic in upper case', `BASIC ${WRITER}`),
  accepted('RFC 9110 §11.1', 'the scheme Bearer in lower case', 'bearer reader-token'),
  accepted('RFC 9110 §11.1', 'the scheme Bearer in mixed case', 'bEaReR reader-token'),
  accepted(CREDENTIALS, 'several spaces after the scheme', `Basic    ${WRITER}`),
  accepted('RFC 9110 §5.5', 'white space around the value', ' \t Bearer reader-token \t '),

  unauthorized(CHALLENGE, 'no credentials', request('GET /vault')),
  rejected(CREDENTIALS, 'an empty Authorization', ''),
  rejected(CREDENTIALS, 'a tab after the scheme Basic', `Basic\t${WRITER}`),
  rejected(CREDENTIALS, 'a tab after the scheme Bearer', 'Bearer\treader-token'),
  rejected(CREDENTIALS, 'the scheme Basic without credentials', 'Basic'),
  rejected(CREDENTIALS, 'the scheme Bearer without a token', 'Bearer'),
  rejected(CREDENTIALS, 'credentials without a scheme', WRITER),
  rejected(CREDENTIALS, 'a token without a scheme', 'reader-token'),
  rejected(CREDENTIALS, 'a scheme without a space', `Basic${WRITER}`),
  rejected('RFC 7616 §3.4', 'an unsupported scheme (Digest)', 'Digest username="writer"'),
  rejected('RFC 9110 §11.6.2', 'two schemes in one field', `Basic ${WRITER}, Bearer reader-token`),
  rejected(BASIC, 'a wrong password', `Basic ${base64('writer:se:cr:eT')}`),
  rejected(BASIC, 'the part of a password before its first colon', `Basic ${base64('writer:se')}`),
  rejected(BASIC, 'an empty password', `Basic ${base64('writer:')}`),
  rejected(BASIC, 'an empty user name', `Basic ${base64(':se:cr:et')}`),
  rejected(BASIC, 'only a colon', `Basic ${base64(':')}`),
  rejected(BASIC, 'a user name without a colon', `Basic ${base64('writer')}`),
  rejected(BASIC, 'an unknown user name', `Basic ${base64('nobody:se:cr:et')}`),
  rejected(BASIC, 'a user name in the wrong case', `Basic ${base64('Writer:se:cr:et')}`),
  rejected(BASIC, 'a control character in the user name', `Basic ${base64('writer\x7f:se:cr:et')}`),
  rejected(
    BASIC,
    'a C1 control character in the password',
    `Basic ${base64(utf8('writer:se:cr:et\x85'))}`,
  ),
  rejected(BASIC, 'a NUL after the password', `Basic ${base64('writer:se:cr:et\x00')}`),
  rejected(BASIC, 'a line break after the password', `Basic ${base64('writer:se:cr:et\n')}`),
  rejected(
    'RFC 7617 §2.1',
    'a user name and a password in ISO 8859-1',
    `Basic ${base64('zo\xeb:p\xe4ssw\xf6rd')}`,
  ),
  rejected(BASIC, 'credentials without base64', 'Basic writer:se:cr:et'),
  rejected(
    'RFC 4648 §4',
    'base64 with white space',
    `Basic ${WRITER.slice(0, 8)} ${WRITER.slice(8)}`,
  ),
  rejected('RFC 4648 §4', 'base64 with an invalid character', `Basic ${WRITER}!`),
  rejected('RFC 4648 §4', 'base64 with too much padding', `Basic ${WRITER}====`),
  rejected('RFC 4648 §4', 'truncated base64', `Basic ${WRITER.slice(0, -1)}`),
  rejected(
    'RFC 4648 §5',
    'base64url',
    `Basic ${base64('writer:\xfb\xff\xbf').replaceAll('+', '-').replaceAll('/', '_')}`,
  ),
  rejected(BEARER, 'a wrong token', 'Bearer reader-tokem'),
  rejected(BEARER, 'a token in upper case', 'Bearer READER-TOKEN'),
  rejected(BEARER, 'a token with an invalid character', 'Bearer reader(token)'),
  rejected(BEARER, 'a token in quotes', 'Bearer "reader-token"'),
  rejected(BEARER, 'a token with extra padding', 'Bearer reader-token='),
  rejected(BEARER, 'two tokens', 'Bearer reader-token reader-token'),
  rejected(BEARER, 'a token and a parameter', 'Bearer reader-token, realm="Example"'),
  rejected(BEARER, 'a password as a token', `Bearer ${WRITER}`),
  rejected(BEARER, 'a token of 8,000 characters', `Bearer ${'a'.repeat(8_000)}`),
  duplicated('two Authorization fields, the first valid', 'Bearer reader-token', 'Bearer none'),
  duplicated('two Authorization fields, the second valid', 'Bearer none', 'Bearer reader-token'),
  duplicated('two Authorization fields with two schemes', `Basic ${WRITER}`, 'Bearer reader-token'),
  unauthorized(
    'RFC 6750 §2.3',
    'a token in the query',
    request('GET /vault?access_token=reader-token'),
  ),
  unauthorized(
    'RFC 6750 §2.2',
    'a token in the body',
    request('POST /notes', FORM, `access_token=${encodeURIComponent(TOKEN)}`),
  ),
  unauthorized(
    'RFC 9110 §11.7.2',
    'credentials for a proxy',
    request('GET /vault', { 'Proxy-Authorization': 'Bearer reader-token' }),
  ),
  unauthorized(
    'RFC 6265 §8.2',
    'a token in a cookie',
    request('GET /vault', { Cookie: 'access_token=reader-token' }),
  ),
]

import { request, type WireCase } from '../case.ts'

const ACCEPT = 'RFC 9110 §12.5.1'
const WEIGHT = 'RFC 9110 §12.4.2'
const VARY = 'RFC 9110 §12.5.5'
const NOT_ACCEPTABLE = 'RFC 9110 §15.5.7'

/** Other fields that a reply varies with are not this table's. */
const VARIES = /\bAccept\b(?!-)/

const HELLO = '{"hello":"world","number":3}'
const HELLO_XML = /<greeting><hello>world<\/hello><number>3<\/number><\/greeting>/
const HELLO_PAGE = /<h1>Greeting<\/h1>/
const VERSION_2 = 'application/vnd.example.v2+json'

/** What GET /hello gives: its media types as they are written, and what each says. */
const GREETINGS = {
  text: ['text/plain; charset=utf-8', 'Hello John Doe'],
  json: ['application/json; charset=utf-8', HELLO],
  xml: ['application/xml; charset=utf-8', HELLO_XML],
  html: ['text/html; charset=utf-8', HELLO_PAGE],
  version2: [VERSION_2, { greeting: 'Hello John Doe', name: 'John Doe' }],
} as const

/** A greeting that is asked for, and the one that is given. */
function given(
  sent: string,
  fields: Record<string, string>,
  as: keyof typeof GREETINGS,
  section = ACCEPT,
): WireCase {
  const [mediaType, body] = GREETINGS[as]
  return {
    section,
    sent,
    octets: request('GET /hello', fields),
    statuses: [200],
    headers: { 'content-type': mediaType, vary: VARIES },
    body,
  }
}

/** A greeting in no way that there is. */
function refused(sent: string, accept: string, section = NOT_ACCEPTABLE): WireCase {
  return {
    section,
    sent,
    octets: request('GET /hello', { Accept: accept }),
    statuses: [406],
    headers: { 'content-type': 'application/json; charset=utf-8', vary: VARIES },
    body: {
      status: 406,
      message: `Not Acceptable: no acceptable media type; available: text/plain, application/json, application/xml, text/html, ${VERSION_2}`,
    },
  }
}

/** A failure that is told in the media type asked for. */
function told(
  sent: string,
  accept: string,
  mediaType: string,
  body: string | RegExp | object,
  section = ACCEPT,
): WireCase {
  return {
    section,
    sent,
    octets: request('GET /nowhere', { Accept: accept }),
    statuses: [404],
    headers: { 'content-type': mediaType, vary: VARIES },
    body,
  }
}

/** A reply that varies with Accept, whatever else it is. */
function varies(sent: string, octets: string, status: number): WireCase {
  const headers = { vary: VARIES, 'content-type': 'application/xml; charset=utf-8' }
  return { section: VARY, sent, octets, statuses: [status], headers }
}

const XML = { Accept: 'application/xml' }
const AUTHORIZED = { Authorization: 'Bearer secret-token' }
const JSON_TYPE = { 'Content-Type': 'application/json' }
const BROWSER =
  'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7'
/** An article by an author that no other has. */
const ARTICLE = '{"title":"t","body":"b","author":"unacceptable"}'

export const NEGOTIATION: WireCase[] = [
  given('no Accept', {}, 'text'),
  given('an empty Accept', { Accept: '' }, 'text'),
  given('an Accept of nothing but a comma', { Accept: ' , ' }, 'text', 'RFC 9110 §5.6.1'),
  given('anything (`*/*`)', { Accept: '*/*' }, 'text'),
  given('the one type', { Accept: 'application/json' }, 'json'),
  given('the one type, in upper case', { Accept: 'APPLICATION/JSON' }, 'json', 'RFC 9110 §8.3.1'),
  given(
    'the one type among empty members',
    { Accept: ',,text/html, ,' },
    'html',
    'RFC 9110 §5.6.1',
  ),
  given('a family of types', { Accept: 'text/*' }, 'text'),
  given('another family of types', { Accept: 'application/*' }, 'json'),
  given('a type and anything, in this order', { Accept: 'text/html, */*' }, 'html'),
  given('anything and a type, in this order', { Accept: '*/*, text/html' }, 'html'),
  given('a type behind the family of another', { Accept: 'text/*, application/json' }, 'json'),
  given(
    'a family of more weight than anything, and a type of less',
    { Accept: 'application/*;q=0.9, */*;q=0.8, application/json;q=0.1' },
    'xml',
  ),
  given(
    'a type of less weight than its family',
    { Accept: 'text/*;q=0.5, text/plain;q=0.1' },
    'html',
  ),
  given('what a program sends', { Accept: 'application/json, text/plain, */*' }, 'json'),
  given('what a browser sends', { Accept: BROWSER }, 'html'),
  given(
    'two types of the same weight, in this order',
    { Accept: 'text/html, application/json' },
    'html',
  ),
  given(
    'two types of the same weight, in the other',
    { Accept: 'application/json, text/html' },
    'json',
  ),

  given('more weight behind less', { Accept: 'text/plain;q=0.5, text/html' }, 'html', WEIGHT),
  given(
    'weights that differ in the third digit',
    { Accept: 'text/html;q=0.122, application/json;q=0.123' },
    'json',
    WEIGHT,
  ),
  given(
    'the whole weight in four digits',
    { Accept: 'text/html;q=0.999, application/json;q=1.000' },
    'json',
    WEIGHT,
  ),
  given(
    'the weight in upper case, white space before it',
    { Accept: 'text/plain \t;\tQ=0.1, text/html;q=0.2' },
    'html',
    WEIGHT,
  ),
  given('anything but one type', { Accept: '*/*, text/plain;q=0' }, 'json', WEIGHT),
  given('anything but a family', { Accept: 'text/*;q=0.000, */*;q=0.001' }, 'json', WEIGHT),
  given('one type, and nothing else', { Accept: 'text/html, */*;q=0' }, 'html', WEIGHT),
  given(
    'what stands behind a weight, which is no parameter of the type',
    { Accept: 'application/json;q=0.5;ext=1, text/html;q=0.4' },
    'json',
  ),
  refused('a weight of four digits, which is none', 'application/json;q=0.1234', WEIGHT),
  refused('a weight beyond 1', 'application/json;q=1.001', WEIGHT),
  refused('a weight without a digit before the point', 'application/json;q=.5', WEIGHT),
  refused('a weight that is a word', 'application/json;q=high', WEIGHT),
  refused('an empty weight', 'application/json;q=', WEIGHT),
  refused('a negative weight', 'application/json;q=-1', WEIGHT),
  refused('nothing at all (`*/*;q=0`)', '*/*;q=0', WEIGHT),
  given(
    'a malformed weight beside one that is not',
    { Accept: 'application/json;q=x, text/html;q=0.1' },
    'html',
    WEIGHT,
  ),

  given(
    'the charset that there is',
    { Accept: 'text/plain;q=0.5, application/json;charset=utf-8' },
    'json',
  ),
  given(
    'the charset in quotes and upper case',
    { Accept: 'application/json;CHARSET="UTF-8"' },
    'json',
  ),
  refused('a charset that there is not', 'application/json;charset=iso-8859-1', ACCEPT),
  refused('a parameter that no type here has', 'text/html;level=1', ACCEPT),
  refused(
    'a comma and another type, inside a quoted string',
    'image/png;a=", text/html;q=1"',
    'RFC 9110 §5.6.4',
  ),
  given(
    'a quoted comma before another type',
    { Accept: 'image/png;a="\\",", text/html' },
    'html',
    'RFC 9110 §5.6.4',
  ),
  refused('a type that there is not', 'image/png'),
  refused('a word that is no type', 'nonsense', ACCEPT),
  refused('an asterisk alone', '*', ACCEPT),
  refused('a wildcard before a subtype', '*/json', ACCEPT),
  given('two Accepts', { Accept: 'image/png', accept: 'text/html' }, 'html', 'RFC 9110 §5.3'),
  given(
    'two Accepts, more weight in the first',
    { Accept: 'application/json', accept: 'text/html;q=0.9' },
    'json',
    'RFC 9110 §5.3',
  ),
  given(
    '900 types that there are not, and one that there is',
    { Accept: `${'image/png;q=0.9, '.repeat(900)}text/html;q=0.1` },
    'html',
  ),
  given('the second version', { Accept: VERSION_2 }, 'version2', 'RFC 6838 §3.2'),
  given(
    'the second version in other case',
    { Accept: VERSION_2.toUpperCase() },
    'version2',
    'RFC 6838 §4.2',
  ),
  refused('a version that there is not', 'application/vnd.example.v3+json'),
  given(
    'a version that there is not, or JSON',
    { Accept: 'application/vnd.example.v3+json, application/json;q=0.1' },
    'json',
  ),
  given(
    'problems in JSON alone, by who reads JSON',
    { Accept: 'application/problem+json' },
    'json',
    'RFC 9457 §3',
  ),
  given(
    'a charset and a language',
    { 'Accept-Charset': 'x', 'Accept-Language': 'x' },
    'text',
    'RFC 9110 §12.5.2',
  ),

  {
    section: NOT_ACCEPTABLE,
    sent: 'a new article, with nothing acceptable to answer',
    octets:
      request('POST /articles', { ...AUTHORIZED, ...JSON_TYPE, Accept: 'image/png' }, ARTICLE) +
      request('GET /articles?author=unacceptable', { Accept: 'application/json' }),
    statuses: [406, 200],
    body: { items: [] },
  },
  {
    section: NOT_ACCEPTABLE,
    sent: 'an article under an id, with nothing acceptable to answer',
    octets:
      request(
        'PUT /articles/40600',
        { ...AUTHORIZED, ...JSON_TYPE, 'If-None-Match': '*', Accept: '*/*;q=0' },
        ARTICLE,
      ) + request('GET /articles/40600'),
    statuses: [406, 404],
    body: { status: 404, message: 'Not Found: http://localhost/articles/40600' },
  },
  {
    section: NOT_ACCEPTABLE,
    sent: 'text of what has none, refused as text',
    octets: request('GET /users/2', { Accept: 'text/plain' }),
    statuses: [406],
    headers: { 'content-type': 'text/plain; charset=utf-8', vary: VARIES },
    body: '406 Not Acceptable: no acceptable media type; available: application/json, application/xml, text/html\n',
  },

  told('an error as anything', '*/*', 'application/json; charset=utf-8', {
    status: 404,
    message: 'Not Found: http://localhost/nowhere',
  }),
  told('an error as what it cannot be', 'image/png', 'application/json; charset=utf-8', {
    status: 404,
    message: 'Not Found: http://localhost/nowhere',
  }),
  told(
    'an error as problem details',
    'application/problem+json',
    'application/problem+json',
    {
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: 'http://localhost/nowhere',
    },
    'RFC 9457 §3',
  ),
  told(
    'an error as problem details in XML',
    'application/problem+xml',
    'application/problem+xml',
    /<problem xmlns="urn:ietf:rfc:7807"><type>about:blank<\/type><title>Not Found<\/title><status>404<\/status>/,
    'RFC 9457 §3',
  ),
  told(
    'an error as XML',
    'application/xml',
    'application/xml; charset=utf-8',
    /<error><status>404<\/status><message>Not Found: http:\/\/localhost\/nowhere<\/message><\/error>/,
  ),
  told('an error as a page', 'text/html', 'text/html; charset=utf-8', /<h1>404 Not Found<\/h1>/),
  told(
    'an error as text',
    'text/plain',
    'text/plain; charset=utf-8',
    '404 Not Found: http://localhost/nowhere\n',
  ),
  told(
    'an error as problem details, or with less weight as a page',
    'text/html;q=0.4, application/problem+json;q=0.5',
    'application/problem+json',
    /^\{"type":"about:blank"/,
    WEIGHT,
  ),
  told('an error to a browser', BROWSER, 'text/html; charset=utf-8', /<h1>404 Not Found<\/h1>/),

  varies('a success as XML', request('GET /articles/123', XML), 200),
  varies('a query that is malformed', request('GET /hello?a=%zz', XML), 400),
  varies('what is protected, without credentials', request('GET /secrets', XML), 401),
  varies('what is not there', request('GET /nowhere', XML), 404),
  varies('a method that the resource does not have', request('DELETE /hello', XML), 405),
  varies(
    'a type that is not taken',
    request('POST /messages', { ...XML, 'Content-Type': 'image/png' }, 'x'),
    415,
  ),
  {
    section: VARY,
    sent: 'HEAD as XML',
    octets: request('HEAD /hello', XML),
    statuses: [200],
    headers: { vary: VARIES, 'content-type': 'application/xml; charset=utf-8' },
  },
  {
    section: 'RFC 9110 §15.4.5',
    sent: 'an article that the client has, as XML',
    before: [request('GET /articles/123', XML)],
    octets: request('GET /articles/123', { ...XML, 'If-None-Match': '{etag}' }),
    statuses: [304],
    headers: { vary: VARIES, etag: /-xml"$/, 'content-type': null },
  },
  {
    section: 'RFC 9110 §8.8.3',
    sent: 'an article that the client has as XML, as JSON',
    before: [request('GET /articles/123', XML)],
    octets: request('GET /articles/123', { Accept: 'application/json', 'If-None-Match': '{etag}' }),
    statuses: [200],
    headers: { vary: VARIES, etag: /-json"$/, 'content-type': 'application/json; charset=utf-8' },
    body: /^\{"id":123,/,
  },
]

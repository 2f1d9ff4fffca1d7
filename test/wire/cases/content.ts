import { request, utf8, type WireCase } from '../case.ts'

const MEDIA_TYPE = 'RFC 9110 §8.3.1'
const CHARSET = 'RFC 9110 §8.3.2'
const CODING = 'RFC 9110 §8.4'
const TOO_LARGE = 'RFC 9110 §15.5.14'
const JSON_GRAMMAR = 'RFC 8259 §2'

const AUTHORIZED = { Authorization: 'Bearer secret-token' }
const JSON_TYPE = { 'Content-Type': 'application/json' }
const TEXT = { 'Content-Type': 'text/plain' }
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }

/** An article that is valid, and one that lacks its author. */
const VALID = '{"title":"t","body":"b","author":"a"}'
const INVALID = '{"title":"t","body":"b"}'
const NO_TEXT = {
  status: 400,
  message: 'Bad Request: body/title must be string',
  errors: [{ in: 'body', pointer: '/title', message: 'must be string' }],
}

/** What a message may be, as a refusal lists it. */
const MESSAGE_TYPES =
  'text/plain, application/json, application/xml, text/xml, ' +
  'application/x-www-form-urlencoded, multipart/form-data, application/octet-stream'
const PATCH_TYPES = 'application/merge-patch+json, application/json-patch+json'

/** An article with the line of its Content-Type as it stands, behind the name. */
function article(contentType: string, body: string): string {
  const fields = `Authorization: Bearer secret-token\r\nContent-Length: ${body.length}`
  return `POST /articles HTTP/1.1\r\nHost: localhost\r\n${fields}\r\nContent-Type:${contentType}\r\n\r\n${body}`
}

/** A spelling that names JSON: it is what validation goes by, and what is valid is created. */
function named(sent: string, contentType: string, section = MEDIA_TYPE): WireCase {
  return {
    section,
    sent,
    octets: article(contentType, INVALID) + article(contentType, VALID),
    statuses: [400, 201],
    headers: { location: /^\/articles\/\d+$/ },
  }
}

/** A spelling that names no type that is taken, over what would be valid. */
function unnamed(sent: string, contentType: string, section = MEDIA_TYPE): WireCase {
  return {
    section,
    sent,
    octets: article(contentType, VALID),
    statuses: [415],
    headers: { accept: 'application/json' },
    body: /^\{"status":415,"message":"Unsupported Media Type: .*; supported: .*"\}$/,
  }
}

/** A head that can only be refused. */
function refusedHead(section: string, sent: string, contentType: string): WireCase {
  return {
    section,
    sent,
    octets: article(contentType, VALID),
    statuses: [400],
    isClosed: true,
    body: /^\{"status":400,"message":"Bad Request: .*"\}$/,
  }
}

/** An article that is refused for how its JSON is written. */
function badJson(section: string, sent: string, body: string, reason: string): WireCase {
  return badBody(section, sent, request('POST /articles', { ...AUTHORIZED, ...JSON_TYPE }, body), {
    status: 400,
    message: `Bad Request: ${reason}`,
  })
}

/** JSON that is read, but is no article. */
function noArticle(
  section: string,
  sent: string,
  body: string,
  pointer: string,
  message: string,
): WireCase {
  return badBody(section, sent, request('POST /articles', { ...AUTHORIZED, ...JSON_TYPE }, body), {
    status: 400,
    message: `Bad Request: body${pointer} ${message}`,
    errors: [{ in: 'body', pointer, message }],
  })
}

/** A message that is refused for how its body is written. */
function badMessage(
  section: string,
  sent: string,
  type: Record<string, string>,
  body: string,
  reason: string,
): WireCase {
  return badBody(section, sent, request('POST /messages', type, body), {
    status: 400,
    message: `Bad Request: ${reason}`,
  })
}

/** A body that was read to its end is refused, and does not take the connection with it. */
function badBody(section: string, sent: string, octets: string, body: object): WireCase {
  return { section, sent, octets, statuses: [400], body }
}

/** A message in a coding; there is none that is taken. */
function coded(sent: string, coding: string): WireCase {
  return {
    section: CODING,
    sent,
    octets: request('POST /messages', { ...TEXT, 'Content-Encoding': coding }, 'hello'),
    statuses: [415],
    headers: { 'accept-encoding': 'identity', accept: null },
    body: {
      status: 415,
      message: `Unsupported Media Type: content coding ${coding}; supported: identity`,
    },
  }
}

/** A form whose parts are as they stand. */
function multipart(boundary: string, body: string): string {
  const type = { 'Content-Type': `multipart/form-data${boundary}` }
  return request('POST /messages', type, body)
}

const PART = '--B\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\nabc\r\n'
const MALFORMED = 'Bad Request: the multipart body is malformed:'

/** BODY_LIMIT, and one octet more than it. */
const LIMIT = 1_048_576
const OVER = {
  status: 413,
  message: `Content Too Large: the body is larger than ${LIMIT} bytes`,
}
const CHUNKED = { ...TEXT, 'Transfer-Encoding': 'chunked' }
/** As many octets as the limit, in two chunks. */
const CHUNKS = `80000\r\n${'a'.repeat(LIMIT / 2)}\r\n`.repeat(2)
/** As many octets as are acknowledged: those of the message, and "Text Message: " before them. */
const ACKNOWLEDGED = { 'content-length': String(LIMIT + 14), location: /^\/messages\/\d+$/ }

export const CONTENT: WireCase[] = [
  named('application/json', ' application/json'),
  named('APPLICATION/JSON', ' APPLICATION/JSON'),
  named('a tab before the type', '\tapplication/json'),
  named('a tab behind the type', ' application/json\t'),
  named('spaces round the type', '   application/json   '),
  named('no space before the type', 'application/json'),
  named('a semicolon with nothing behind it', ' application/json;', 'RFC 9110 §5.6.6'),
  named('a tab before the semicolon', ' application/json\t; a=b', 'RFC 9110 §5.6.6'),
  named('a parameter that is not known', ' application/json; version=1'),
  unnamed('junk behind the subtype', ' application/json junk'),
  unnamed('junk behind the subtype, without a space', ' application/jsonjunk'),
  unnamed('a parameter without a value', ' application/json; junk', 'RFC 9110 §5.6.6'),
  unnamed('white space round an equals sign', ' application/json; a = b', 'RFC 9110 §5.6.6'),
  unnamed('a quote that is left open', ' application/json; a="b', 'RFC 9110 §5.6.4'),
  unnamed('a list of types', ' application/json, text/plain'),
  unnamed('a list of types, the one that is taken last', ' text/plain, application/json'),
  unnamed('a list behind a parameter', ' application/json; a=b, text/plain'),
  unnamed('a comma behind the type', ' application/json,'),
  unnamed('a type without a slash', ' applicationjson'),
  unnamed('a type with two slashes', ' application//json'),
  unnamed('a tab inside the type', ' application/\tjson'),
  unnamed('a no-break space before the type', ' \xa0application/json'),
  unnamed('a no-break space behind the type', ' application/json\xa0'),
  unnamed('the type in quotes', ' "application/json"'),
  unnamed('a wildcard', ' */*'),
  unnamed('another type of the same syntax', ' application/problem+json', 'RFC 6839 §3.1'),
  unnamed('an empty Content-Type', ''),
  refusedHead('RFC 9110 §5.5', 'a NUL behind the type', ' application/json\x00'),
  refusedHead('RFC 9110 §5.5', 'a form feed behind the type', ' application/json\x0c'),
  refusedHead(
    'RFC 9110 §5.3',
    'Content-Type twice, another the second time',
    ' application/json\r\nContent-Type: text/plain',
  ),
  refusedHead(
    'RFC 9110 §5.3',
    'Content-Type twice, in two cases',
    ' text/plain\r\ncontent-type: application/json',
  ),
  {
    section: 'RFC 9110 §8.3',
    sent: 'a body without a Content-Type',
    octets: request('POST /articles', AUTHORIZED, VALID),
    statuses: [415],
    headers: { accept: 'application/json' },
    body: {
      status: 415,
      message: 'Unsupported Media Type: no Content-Type; supported: application/json',
    },
  },
  {
    section: 'RFC 9110 §15.5.16',
    sent: 'a type that is not taken, and the next request',
    octets:
      request('POST /messages', { 'Content-Type': 'image/png' }, '\x89PNG') + request('GET /'),
    statuses: [415, 200],
    body: 'Welcome',
  },
  {
    section: 'RFC 9110 §12.5.1',
    sent: 'a type that is not taken, where several are',
    octets: request('POST /messages', { 'Content-Type': 'image/png' }, '\x89PNG'),
    statuses: [415],
    headers: { accept: MESSAGE_TYPES, 'accept-patch': null },
    body: {
      status: 415,
      message: `Unsupported Media Type: image/png; supported: ${MESSAGE_TYPES}`,
    },
  },
  {
    section: 'RFC 5789 §2.2',
    sent: 'a patch of a type that is none',
    octets: request('PATCH /articles/123', { ...AUTHORIZED, ...JSON_TYPE }, '{}'),
    statuses: [415],
    headers: { 'accept-patch': PATCH_TYPES, accept: PATCH_TYPES },
    body: {
      status: 415,
      message: `Unsupported Media Type: application/json; supported: ${PATCH_TYPES}`,
    },
  },
  {
    section: 'RFC 9110 §15.5.21',
    sent: 'a patch that is well-formed and cannot be applied',
    octets: request(
      'PATCH /articles/123',
      { ...AUTHORIZED, 'Content-Type': 'application/merge-patch+json', 'If-Match': '*' },
      '{"id":5}',
    ),
    statuses: [422],
    body: {
      status: 422,
      message: 'Unprocessable Content: after the patch, /id cannot be changed',
      errors: [{ in: 'body', pointer: '/id', message: 'cannot be changed' }],
    },
  },

  named('the charset that is read', ' application/json; charset=utf-8', CHARSET),
  named('the charset in upper case and quotes', ' application/json; CHARSET="UTF-8"', CHARSET),
  named('the charset with quoted pairs', ' application/json; charset="\\utf-8"', 'RFC 9110 §5.6.4'),
  named('US-ASCII, of which UTF-8 is more', ' application/json; charset=us-ascii', CHARSET),
  named('a charset inside a quoted string', ' application/json; a=";charset=x"', 'RFC 9110 §5.6.4'),
  unnamed('another charset', ' application/json; charset=iso-8859-1', CHARSET),
  unnamed('an unknown charset in quotes', ' application/json; charset="x-none"', CHARSET),
  unnamed('a charset in single quotes', " application/json; charset='utf-8'", CHARSET),
  unnamed('an empty charset', ' application/json; charset=', CHARSET),
  unnamed('a charset and junk', ' application/json; charset=utf-8 junk', CHARSET),
  unnamed(
    'the charset twice, another the second time',
    ' application/json; charset=utf-8; charset=utf-16',
    'RFC 6838 §4.3',
  ),
  unnamed(
    'the charset twice, another the first time',
    ' application/json; charset=utf-16; Charset=utf-8',
    'RFC 6838 §4.3',
  ),

  coded('gzip', 'gzip'),
  coded('GZIP', 'GZIP'),
  coded('a coding that nobody knows', 'x-none'),
  coded('two codings', 'gzip, br'),
  coded('identity in a list with another', 'identity, gzip'),
  coded('a transfer coding as a content coding', 'chunked'),
  coded('an empty Content-Encoding', ''),
  {
    section: CODING,
    sent: 'identity, and then gzip in a second field',
    octets: request(
      'POST /messages',
      { ...TEXT, 'Content-Encoding': 'identity', 'content-encoding': 'gzip' },
      'hello',
    ),
    statuses: [415],
    headers: { 'accept-encoding': 'identity' },
  },
  {
    section: CODING,
    sent: 'IDENTITY, which is no coding',
    octets: request('POST /messages', { ...TEXT, 'Content-Encoding': 'IDENTITY' }, 'hello'),
    statuses: [201],
    body: 'Text Message: hello',
  },

  badJson(
    'RFC 8259 §4',
    'a name twice',
    '{"title":"a","title":"b","body":"b","author":"a"}',
    'the JSON body has two members named "title" (line 1, column 14)',
  ),
  badJson(
    'RFC 8259 §4',
    'a name twice, once escaped',
    '{"title":"a","\\u0074itle":"b","body":"b","author":"a"}',
    'the JSON body has two members named "title" (line 1, column 14)',
  ),
  badJson(
    'RFC 8259 §4',
    'a member that is named __proto__',
    '{"__proto__":{"title":"a"},"body":"b","author":"a"}',
    'the JSON body has a member named __proto__ (line 1, column 2)',
  ),
  noArticle(
    'RFC 8259 §4',
    'a member that is named constructor',
    '{"constructor":{"prototype":{}},"title":"t","body":"b","author":"a"}',
    '/constructor',
    'is unknown',
  ),
  badJson(
    'RFC 8259 §8.1',
    'octets that are no UTF-8',
    '{"title":"\xff","body":"b","author":"a"}',
    'the body is not valid UTF-8',
  ),
  badJson(
    'RFC 3629 §3',
    'a slash in an overlong encoding',
    '{"title":"\xc0\xaf","body":"b","author":"a"}',
    'the body is not valid UTF-8',
  ),
  badJson(
    'RFC 3629 §3',
    'half of a surrogate pair, encoded',
    '{"title":"\xed\xa0\x80","body":"b","author":"a"}',
    'the body is not valid UTF-8',
  ),
  badJson(
    'RFC 8259 §8.1',
    'UTF-16',
    Buffer.from(VALID, 'utf16le').toString('latin1'),
    'the JSON body is malformed: invalid symbol (line 1, column 2)',
  ),
  noArticle(
    'RFC 8259 §8.2',
    'half of a surrogate pair, escaped',
    '{"title":"\\ud800","body":"b","author":"a"}',
    '/title',
    'must be one line of Unicode text without control characters',
  ),
  {
    section: 'RFC 8259 §8.1',
    sent: 'a byte order mark, which is passed over',
    octets: request('POST /messages', JSON_TYPE, utf8('\ufeff{"a":1}')),
    statuses: [201],
    body: 'JSON Message: {"a": 1}',
  },
  {
    section: 'RFC 8259 §7',
    sent: 'a surrogate pair, escaped',
    octets: request('POST /messages', JSON_TYPE, '{"a":"\\ud83d\\ude00"}'),
    statuses: [201],
    body: 'JSON Message: {"a": "😀"}',
  },
  badJson(
    JSON_GRAMMAR,
    'a comma behind the last member',
    '{"title":"a",}',
    'the JSON body is malformed: property name expected (line 1, column 14)',
  ),
  badJson(
    JSON_GRAMMAR,
    'a comment',
    '{/**/"title":"a"}',
    'the JSON body is malformed: invalid comment token (line 1, column 2)',
  ),
  badJson(
    JSON_GRAMMAR,
    'two texts',
    `${VALID} ${VALID}`,
    'the JSON body is malformed: end of file expected (line 1, column 39)',
  ),
  badJson(
    'RFC 8259 §7',
    'a line break inside a string',
    '{"title":"a\nb"}',
    'the JSON body is malformed: unexpected end of string (line 1, column 10)',
  ),
  badJson(
    'RFC 8259 §6',
    'NaN',
    '{"title":NaN}',
    'the JSON body is malformed: invalid symbol (line 1, column 10)',
  ),
  badJson(
    'RFC 8259 §6',
    '1e400, which is no number that can be kept',
    '{"title":1e400}',
    'the JSON body has a number that is too large (line 1, column 10)',
  ),
  badJson(
    'RFC 8259 §6',
    'a number with a zero in front',
    '{"title":01}',
    'the JSON body is malformed: comma expected (line 1, column 11)',
  ),
  {
    section: 'RFC 8259 §6',
    sent: 'an integer of 30 digits where there should be text',
    octets: request(
      'POST /articles',
      { ...AUTHORIZED, ...JSON_TYPE },
      `{"title":${'9'.repeat(30)},"body":"b","author":"a"}`,
    ),
    statuses: [400],
    body: NO_TEXT,
  },
  badJson(
    'RFC 8259 §9',
    'lists in lists, 33 deep',
    '['.repeat(33) + ']'.repeat(33),
    'the JSON body is nested more than 32 levels deep (line 1, column 33)',
  ),
  badJson(
    'RFC 8259 §9',
    'lists in lists, 100,000 deep',
    '['.repeat(100_000),
    'the JSON body is nested more than 32 levels deep (line 1, column 33)',
  ),
  {
    section: JSON_GRAMMAR,
    sent: 'an empty body that should be JSON',
    octets: request('POST /articles', { ...AUTHORIZED, ...JSON_TYPE, 'Content-Length': '0' }),
    statuses: [400],
    body: {
      status: 400,
      message: 'Bad Request: the JSON body is malformed: value expected (line 1, column 1)',
    },
  },
  {
    section: JSON_GRAMMAR,
    sent: 'an empty body in chunks that should be JSON',
    octets: `${request('POST /articles', { ...AUTHORIZED, ...JSON_TYPE, 'Transfer-Encoding': 'chunked' })}0\r\n\r\n`,
    statuses: [400],
    body: {
      status: 400,
      message: 'Bad Request: the JSON body is malformed: value expected (line 1, column 1)',
    },
  },
  {
    section: 'RFC 9110 §9.3.1',
    sent: 'a body that comes with GET, which has no meaning',
    octets: request('GET /hello', JSON_TYPE, '{"name":') + request('GET /hello?name=next'),
    statuses: [200, 200],
    body: 'Hello next',
  },
  badBody(
    'RFC 9110 §9.3.5',
    'a body that comes with DELETE, and is no JSON',
    request('DELETE /articles/123', { ...AUTHORIZED, ...JSON_TYPE, 'If-Match': '*' }, '{'),
    {
      status: 400,
      message: 'Bad Request: the JSON body is malformed: close brace expected (line 1, column 2)',
    },
  ),
  {
    section: 'RFC 9110 §14.5',
    sent: 'PUT of a part',
    octets: request(
      'PUT /articles/123',
      { ...AUTHORIZED, ...JSON_TYPE, 'If-Match': '*', 'Content-Range': 'bytes 0-37/100' },
      VALID,
    ),
    statuses: [400],
    body: { status: 400, message: 'Bad Request: PUT with Content-Range is not supported' },
  },

  badMessage(
    'RFC 3986 §2.1',
    'a form with a percent sign that has no digits',
    FORM,
    'a=%zz',
    'the form is not valid percent-encoded UTF-8',
  ),
  badMessage(
    'RFC 3986 §2.5',
    'a form that is no UTF-8 when it is decoded',
    FORM,
    'a=%ff',
    'the form is not valid percent-encoded UTF-8',
  ),
  badMessage(
    'RFC 3629 §3',
    'a form that is no UTF-8 as it stands',
    FORM,
    'a=\xff',
    'the body is not valid UTF-8',
  ),
  {
    section: 'RFC 9110 §8.3',
    sent: 'a form with a name twice, and one that is __proto__',
    octets: request('POST /messages', FORM, 'a=1&a=%32&__proto__=3'),
    statuses: [201],
    body: 'Form Message: {"a": ["1", "2"], "__proto__": "3"}',
  },
  badBody('RFC 2046 §5.1.1', 'a form without a boundary', multipart('', `${PART}--B--\r\n`), {
    status: 400,
    message: `${MALFORMED} Content-Type needs a boundary of 1 to 70 characters`,
  }),
  badBody(
    'RFC 2046 §5.1.1',
    'a form with a boundary of 71 characters',
    multipart(`; boundary=${'B'.repeat(71)}`, `${PART}--B--\r\n`),
    {
      status: 400,
      message: `${MALFORMED} Content-Type needs a boundary of 1 to 70 characters`,
    },
  ),
  badBody(
    'RFC 2046 §5.1.1',
    'a form that is cut short',
    multipart('; boundary=B', PART.slice(0, -2)),
    { status: 400, message: `${MALFORMED} Unexpected end of multipart data` },
  ),
  badBody(
    'RFC 7578 §4.2',
    'a part that has no name',
    multipart('; boundary=B', '--B\r\n\r\nabc\r\n--B--\r\n'),
    {
      status: 400,
      message: `${MALFORMED} each part needs Content-Disposition: form-data with a name`,
    },
  ),
  {
    section: 'RFC 6838 §4.3',
    sent: 'a form with two boundaries',
    octets: multipart('; boundary=B; boundary=C', `${PART}--B--\r\n`),
    statuses: [415],
    headers: { accept: MESSAGE_TYPES },
  },
  {
    section: 'RFC 7578 §4.1',
    sent: 'a form with a file, the boundary in quotes',
    octets: multipart('; boundary="B"', `${PART}--B--\r\n`),
    statuses: [201],
    body: 'File Message: x (3 bytes)',
  },
  badMessage(
    'RFC 7303 §3.2',
    'XML that declares another encoding than it may have',
    { 'Content-Type': 'application/xml' },
    '<?xml version="1.0" encoding="ISO-8859-1"?><a/>',
    'the XML body declares the encoding ISO-8859-1; supported: UTF-8',
  ),
  badMessage(
    'RFC 7303 §10',
    'XML with a document type, which could expand or fetch',
    { 'Content-Type': 'text/xml' },
    '<!DOCTYPE a [<!ENTITY b "c">]><a/>',
    'the XML body must not have a document type declaration',
  ),
  badMessage('RFC 6657 §3', 'text that is no UTF-8', TEXT, '\xff', 'the body is not valid UTF-8'),

  {
    section: TOO_LARGE,
    sent: 'a body of the greatest length',
    octets: request('POST /messages', TEXT, 'a'.repeat(LIMIT)),
    statuses: [201],
    headers: ACKNOWLEDGED,
  },
  {
    section: TOO_LARGE,
    sent: 'a body of the greatest length in chunks',
    octets: `${request('POST /messages', CHUNKED)}${CHUNKS}0\r\n\r\n`,
    statuses: [201],
    headers: ACKNOWLEDGED,
  },
  {
    section: TOO_LARGE,
    sent: 'a body of one octet more, and the next request',
    octets: request('POST /messages', TEXT, 'a'.repeat(LIMIT + 1)) + request('GET /'),
    statuses: [413, 200],
    body: 'Welcome',
  },
  {
    section: TOO_LARGE,
    sent: 'a body of one octet more in chunks',
    octets: `${request('POST /messages', CHUNKED)}${CHUNKS}1\r\na\r\n0\r\n\r\n`,
    statuses: [413],
    isClosed: true,
    headers: { connection: 'close' },
    body: OVER,
  },
  {
    section: TOO_LARGE,
    sent: 'a length of one octet more, and no body yet',
    octets: request('POST /messages', { ...TEXT, 'Content-Length': String(LIMIT + 1) }),
    statuses: [413],
    body: OVER,
  },
]

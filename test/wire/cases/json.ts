import { request, utf8, type WireCase } from '../case.ts'
import { AS_JSON, AUTHORIZED, JSON_TYPE, NOTE } from '../fields.ts'

const JSON_GRAMMAR = 'RFC 8259 §2'

/** Expects 400 for a note with malformed JSON. */
function badJson(section: string, sent: string, body: string, reason: string): WireCase {
  return badBody(
    section,
    sent,
    request('POST /notes', { ...AUTHORIZED, ...JSON_TYPE, NOTE }, body),
    {
      status: 400,
      message: `Bad Request: ${reason}`,
    },
  )
}

/** Expects 400 for a number that a double cannot hold. */
function lossyNumber(number: string, limit: string): WireCase {
  const message = `must be from -${limit} to ${limit}, or a string`
  return badBody(
    'RFC 7493 §2.2',
    `the number ${number}`,
    request('POST /notes', { ...AUTHORIZED, ...JSON_TYPE, NOTE }, `{"title":${number}}`),
    {
      status: 400,
      message: `Bad Request: the JSON body has a number at /title that ${message} (line 1, column 10)`,
      errors: [{ in: 'body', pointer: '/title', message }],
    },
  )
}

/** Expects 400 for valid JSON that is not a valid note. */
function invalidNote(
  section: string,
  sent: string,
  body: string,
  pointer: string,
  message: string,
): WireCase {
  return badBody(
    section,
    sent,
    request('POST /notes', { ...AUTHORIZED, ...JSON_TYPE, NOTE }, body),
    {
      status: 400,
      message: `Bad Request: body${pointer} ${message}`,
      errors: [{ in: 'body', pointer, message }],
    },
  )
}

/** Expects 400, and that the connection stays open. */
function badBody(section: string, sent: string, bytes: string, body: object): WireCase {
  return { section, sent, bytes, statuses: [400], body }
}

export const JSON_CASES: WireCase[] = [
  badJson(
    'RFC 8259 §4',
    'a repeated member name',
    '{"title":"a","title":"b","body":"b","author":"a"}',
    'the JSON body has two members named "title" (line 1, column 14)',
  ),
  badJson(
    'RFC 8259 §4',
    'a repeated member name, escaped the second time',
    '{"title":"a","\\u0074itle":"b","body":"b","author":"a"}',
    'the JSON body has two members named "title" (line 1, column 14)',
  ),
  badJson(
    'RFC 8259 §4',
    'a member named __proto__',
    '{"__proto__":{"title":"a"},"body":"b","author":"a"}',
    'the JSON body has a member named __proto__ (line 1, column 2)',
  ),
  invalidNote(
    'RFC 8259 §4',
    'a member named constructor',
    '{"constructor":{"prototype":{}},"title":"t","body":"b","author":"a"}',
    '/constructor',
    'is unknown',
  ),
  badJson(
    'RFC 8259 §8.1',
    'invalid UTF-8',
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
    'an unpaired surrogate in UTF-8',
    '{"title":"\xed\xa0\x80","body":"b","author":"a"}',
    'the body is not valid UTF-8',
  ),
  {
    section: 'RFC 8259 §8.1',
    sent: 'UTF-16',
    bytes: request(
      'POST /notes',
      { ...AUTHORIZED, ...JSON_TYPE },
      Buffer.from(NOTE, 'utf16le').toString('latin1'),
    ),
    statuses: [415],
    body: {
      status: 415,
      message: 'Unsupported Media Type: UTF-16 or UTF-32; supported: utf-8',
    },
  },
  invalidNote(
    'RFC 8259 §8.2',
    'an escaped unpaired surrogate',
    '{"title":"\\ud800","body":"b","author":"a"}',
    '/title',
    'must be one line of visible Unicode text without control characters',
  ),
  {
    section: 'RFC 8259 §8.1',
    sent: 'a byte order mark, to be ignored',
    bytes: request('POST /mirror', { ...JSON_TYPE, ...AS_JSON }, utf8('\ufeff{"a":1}')),
    statuses: [200],
    body: /"body":\{"a":1\}\}$/,
  },
  {
    section: 'RFC 8259 §7',
    sent: 'an escaped surrogate pair',
    bytes: request('POST /mirror', { ...JSON_TYPE, ...AS_JSON }, '{"a":"\\ud83d\\ude00"}'),
    statuses: [200],
    body: /"body":\{"a":"😀"\}\}$/,
  },
  badJson(
    JSON_GRAMMAR,
    'a comma after the last member',
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
    'two JSON texts',
    `${NOTE} ${NOTE}`,
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
  lossyNumber('1e400', '1.8e308'),
  lossyNumber('9007199254740992', '9007199254740991'),
  lossyNumber('-12345678901234567890', '9007199254740991'),
  badJson(
    'RFC 8259 §6',
    'a number with a leading zero',
    '{"title":01}',
    'the JSON body is malformed: comma expected (line 1, column 11)',
  ),
  lossyNumber('9'.repeat(30), '9007199254740991'),
  badJson(
    'RFC 8259 §9',
    'arrays nested 33 deep',
    '['.repeat(33) + ']'.repeat(33),
    'the JSON body is nested more than 32 levels deep (line 1, column 33)',
  ),
  badJson(
    'RFC 8259 §9',
    'arrays nested 100,000 deep',
    '['.repeat(100_000),
    'the JSON body is nested more than 32 levels deep (line 1, column 33)',
  ),
  {
    section: JSON_GRAMMAR,
    sent: 'an empty JSON body',
    bytes: request('POST /notes', { ...AUTHORIZED, ...JSON_TYPE, 'Content-Length': '0' }),
    statuses: [400],
    body: {
      status: 400,
      message: 'Bad Request: a body is required; supported: application/json',
    },
  },
  {
    section: JSON_GRAMMAR,
    sent: 'an empty chunked JSON body',
    bytes: `${request('POST /notes', { ...AUTHORIZED, ...JSON_TYPE, 'Transfer-Encoding': 'chunked' })}0\r\n\r\n`,
    statuses: [400],
    body: {
      status: 400,
      message: 'Bad Request: the JSON body is malformed: value expected (line 1, column 1)',
    },
  },
  {
    section: 'RFC 9110 §9.3.1',
    sent: 'the body of a GET, to be ignored',
    bytes: request('GET /greeting', JSON_TYPE, '{"name":') + request('GET /greeting?name=next'),
    statuses: [200, 200],
    body: 'Hello next',
  },
  badBody(
    'RFC 9110 §9.3.5',
    'malformed JSON in the body of a DELETE',
    request('DELETE /notes/123', { ...AUTHORIZED, ...JSON_TYPE, 'If-Match': '*' }, '{'),
    {
      status: 400,
      message: 'Bad Request: the JSON body is malformed: close brace expected (line 1, column 2)',
    },
  ),
  {
    section: 'RFC 9110 §14.5',
    sent: 'PUT with Content-Range and If-Match',
    bytes: request(
      'PUT /notes/123',
      { ...AUTHORIZED, ...JSON_TYPE, 'If-Match': '*', 'Content-Range': 'bytes 0-37/100' },
      NOTE,
    ),
    statuses: [400],
    body: { status: 400, message: 'Bad Request: PUT with Content-Range is not supported' },
  },
]

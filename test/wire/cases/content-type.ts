import { request, type WireCase } from '../case.ts'
import { AS_JSON, AUTHORIZED, JSON_TYPE, NOTE, PARSED_TYPES, PATCH_TYPES, TEXT } from '../fields.ts'

const MEDIA_TYPE = 'RFC 9110 §8.3.1'

const CHARSET = 'RFC 9110 §8.3.2'

const CODING = 'RFC 9110 §8.4'

const NO_CONTENT = 'RFC 9110 §6.4'

/** A note without its author. */
const INCOMPLETE = '{"title":"t","body":"b"}'

/** Writes a POST of a note. `contentType` includes the white space after the colon. */
function note(contentType: string, body: string): string {
  const fields = `Authorization: Bearer secret-token\r\nContent-Length: ${body.length}`
  return `POST /notes HTTP/1.1\r\nHost: localhost\r\n${fields}\r\nContent-Type:${contentType}\r\n\r\n${body}`
}

/** Expects the body to be read as JSON: 400 for an invalid note, 201 for a valid note. */
function accepted(sent: string, contentType: string, section = MEDIA_TYPE): WireCase {
  return {
    section,
    sent,
    bytes: note(contentType, INCOMPLETE) + note(contentType, NOTE),
    statuses: [400, 201],
    headers: { location: /^\/notes\/\d+$/ },
  }
}

/** Expects 415 for a valid note with an unsupported type. */
function unsupported(sent: string, contentType: string, section = MEDIA_TYPE): WireCase {
  return {
    section,
    sent,
    bytes: note(contentType, NOTE),
    statuses: [415],
    headers: { accept: 'application/json' },
    body: /^\{"status":415,"message":"Unsupported Media Type: .*; supported: .*"\}$/,
  }
}

/** Expects 400 and a closed connection. */
function malformed(section: string, sent: string, contentType: string): WireCase {
  return {
    section,
    sent,
    bytes: note(contentType, NOTE),
    statuses: [400],
    isClosed: true,
    body: /^\{"status":400,"message":"Bad Request: .*"\}$/,
  }
}

/** Expects 415 for a body with a content coding. */
function encoded(sent: string, coding: string): WireCase {
  return {
    section: CODING,
    sent,
    bytes: request('POST /mirror', { ...TEXT, 'Content-Encoding': coding }, 'hello'),
    statuses: [415],
    headers: { 'accept-encoding': 'identity', accept: null },
    body: {
      status: 415,
      message: `Unsupported Media Type: content coding ${coding}; supported: identity`,
    },
  }
}

/** Expects text to be decoded. Each character of `text` is one byte. */
function decoded(charset: string, text: string, body: RegExp): WireCase {
  const fields = { ...AS_JSON, 'Content-Type': `text/plain; charset=${charset}` }
  return {
    section: CHARSET,
    sent: `text with charset ${charset}`,
    bytes: request('POST /mirror', fields, text),
    statuses: [200],
    body,
  }
}

/** Expects a request without content to be accepted by a resource that requires no body. */
function withoutContent(method: string, fields: Record<string, string>): WireCase {
  const shown = Object.entries(fields).map(([name, value]) => `${name}: \`${value}\``)
  return {
    section: NO_CONTENT,
    sent: `${method} without content, with ${shown.join(', ')}`,
    bytes: request(`${method} /mirror`, fields) + request('GET /'),
    statuses: [200, 200],
    body: 'Welcome',
  }
}

export const CONTENT_TYPE: WireCase[] = [
  accepted('application/json', ' application/json'),
  accepted('APPLICATION/JSON', ' APPLICATION/JSON'),
  accepted('a tab before the type', '\tapplication/json'),
  accepted('a tab after the type', ' application/json\t'),
  accepted('spaces around the type', '   application/json   '),
  accepted('no space before the type', 'application/json'),
  accepted('a semicolon at the end', ' application/json;', 'RFC 9110 §5.6.6'),
  accepted('a tab before the semicolon', ' application/json\t; a=b', 'RFC 9110 §5.6.6'),
  accepted('an unknown parameter of the type', ' application/json; version=1'),
  unsupported('text after the subtype', ' application/json junk'),
  unsupported('text after the subtype, without a space', ' application/jsonjunk'),
  unsupported('a parameter without a value', ' application/json; junk', 'RFC 9110 §5.6.6'),
  unsupported('white space around the equals sign', ' application/json; a = b', 'RFC 9110 §5.6.6'),
  unsupported('an unclosed quote', ' application/json; a="b', 'RFC 9110 §5.6.4'),
  unsupported('a list of types', ' application/json, text/plain'),
  unsupported('a list of types, the supported one last', ' text/plain, application/json'),
  unsupported('a list after a parameter', ' application/json; a=b, text/plain'),
  unsupported('a comma after the type', ' application/json,'),
  unsupported('a type without a slash', ' applicationjson'),
  unsupported('a type with two slashes', ' application//json'),
  unsupported('a tab inside the type', ' application/\tjson'),
  unsupported('a no-break space before the type', ' \xa0application/json'),
  unsupported('a no-break space after the type', ' application/json\xa0'),
  unsupported('a quoted type', ' "application/json"'),
  unsupported('a wildcard', ' */*'),
  unsupported(
    'another media type with the suffix +json',
    ' application/problem+json',
    'RFC 6839 §3.1',
  ),
  unsupported('an empty Content-Type', ''),
  malformed('RFC 9110 §5.5', 'a NUL after the type', ' application/json\x00'),
  malformed('RFC 9110 §5.5', 'a form feed after the type', ' application/json\x0c'),
  malformed(
    'RFC 9110 §5.3',
    'two Content-Type fields',
    ' application/json\r\nContent-Type: text/plain',
  ),
  malformed(
    'RFC 9110 §5.3',
    'two Content-Type fields, in different case',
    ' text/plain\r\ncontent-type: application/json',
  ),
  {
    section: 'RFC 9110 §8.3',
    sent: 'a body without a Content-Type',
    bytes: request('POST /notes', AUTHORIZED, NOTE),
    statuses: [415],
    headers: { accept: 'application/json' },
    body: {
      status: 415,
      message: 'Unsupported Media Type: no Content-Type; supported: application/json',
    },
  },
  {
    section: NO_CONTENT,
    sent: 'neither content nor Content-Type for a resource that requires a body',
    bytes: request('POST /notes', AUTHORIZED),
    statuses: [400],
    body: {
      status: 400,
      message: 'Bad Request: a body is required; supported: application/json',
    },
  },
  withoutContent('POST', JSON_TYPE),
  withoutContent('POST', { ...JSON_TYPE, 'Content-Length': '0' }),
  withoutContent('POST', { ...JSON_TYPE, 'Content-Length': '0', 'Content-Encoding': 'gzip' }),
  withoutContent('DELETE', JSON_TYPE),
  withoutContent('DELETE', { 'Content-Type': 'application/xml', 'Content-Length': '0' }),
  withoutContent('DELETE', { 'Content-Type': 'image/png' }),
  withoutContent('PUT', { 'Content-Type': '' }),
  withoutContent('PATCH', { 'Content-Type': 'undefined' }),
  {
    section: NO_CONTENT,
    sent: 'DELETE with a chunked body without content, as JSON',
    bytes: `${request('DELETE /mirror', { ...JSON_TYPE, 'Transfer-Encoding': 'chunked' })}0\r\n\r\n`,
    statuses: [200],
    body: 'DELETE: ',
  },
  {
    section: 'RFC 9110 §15.5.16',
    sent: 'an unsupported type, then a request',
    bytes: request('POST /mirror', { 'Content-Type': 'image/png' }, '\x89PNG') + request('GET /'),
    statuses: [415, 200],
    body: 'Welcome',
  },
  {
    section: 'RFC 9110 §12.5.1',
    sent: 'an unsupported type for a resource that accepts several types',
    bytes: request('POST /mirror', { 'Content-Type': 'image/png' }, '\x89PNG'),
    statuses: [415],
    headers: { accept: PARSED_TYPES, 'accept-patch': null },
    body: {
      status: 415,
      message: `Unsupported Media Type: image/png; supported: ${PARSED_TYPES}`,
    },
  },
  {
    section: 'RFC 5789 §2.2',
    sent: 'a patch of an unsupported type',
    bytes: request('PATCH /notes/123', { ...AUTHORIZED, ...TEXT }, '{}'),
    statuses: [415],
    headers: { 'accept-patch': PATCH_TYPES, accept: PATCH_TYPES },
    body: {
      status: 415,
      message: `Unsupported Media Type: text/plain; supported: ${PATCH_TYPES}`,
    },
  },
  {
    section: 'RFC 5789 §2',
    sent: 'a patch of type application/json',
    bytes: request(
      'PATCH /notes/123',
      { ...AUTHORIZED, ...JSON_TYPE, 'If-Match': '*', Accept: 'application/json' },
      '{"body":"Patched"}',
    ),
    statuses: [200],
    body: /"body":"Patched"/,
  },
  {
    section: 'RFC 9110 §15.5.21',
    sent: 'a well-formed patch with an invalid result',
    bytes: request(
      'PATCH /notes/123',
      { ...AUTHORIZED, 'Content-Type': 'application/merge-patch+json', 'If-Match': '*' },
      '{"title":5}',
    ),
    statuses: [422],
    body: {
      status: 422,
      message: 'Unprocessable Content: after the patch, /title must be string',
      errors: [{ in: 'body', pointer: '/title', message: 'must be string' }],
    },
  },

  accepted('charset UTF-8', ' application/json; charset=utf-8', CHARSET),
  accepted(
    'charset UTF-8, quoted and in upper case',
    ' application/json; CHARSET="UTF-8"',
    CHARSET,
  ),
  accepted(
    'charset UTF-8 with quoted pairs',
    ' application/json; charset="\\utf-8"',
    'RFC 9110 §5.6.4',
  ),
  accepted('charset utf8, another label of UTF-8', ' application/json; charset=utf8', CHARSET),
  accepted('charset UTF8', ' application/json; charset=UTF8', CHARSET),
  accepted('charset ascii', ' application/json; charset=ascii', CHARSET),
  decoded('iso-8859-1', 'caf\xe9', /"body":"café"/),
  decoded('Shift_JIS', '\x93\xfa\x96\x7b', /"body":"日本"/),
  accepted('charset US-ASCII, a subset of UTF-8', ' application/json; charset=us-ascii', CHARSET),
  accepted(
    'a charset inside a quoted string',
    ' application/json; a=";charset=x"',
    'RFC 9110 §5.6.4',
  ),
  unsupported('an unsupported charset', ' application/json; charset=iso-8859-1', CHARSET),
  unsupported('an unknown charset, quoted', ' application/json; charset="x-none"', CHARSET),
  unsupported('a charset in single quotes', " application/json; charset='utf-8'", CHARSET),
  unsupported('an empty charset', ' application/json; charset=', CHARSET),
  unsupported('a charset, then text', ' application/json; charset=utf-8 junk', CHARSET),
  unsupported(
    'two charsets, the first supported',
    ' application/json; charset=utf-8; charset=utf-16',
    'RFC 6838 §4.3',
  ),
  unsupported(
    'two charsets, the second supported',
    ' application/json; charset=utf-16; Charset=utf-8',
    'RFC 6838 §4.3',
  ),

  encoded('gzip', 'gzip'),
  encoded('GZIP', 'GZIP'),
  encoded('an unknown content coding', 'x-none'),
  encoded('two codings', 'gzip, br'),
  encoded('identity and another coding', 'identity, gzip'),
  encoded('a transfer coding as a content coding', 'chunked'),
  {
    section: 'RFC 9110 §5.6.1',
    sent: 'an empty Content-Encoding',
    bytes: request('POST /mirror', { ...TEXT, 'Content-Encoding': '' }, 'hello'),
    statuses: [200],
    body: 'POST: hello',
  },
  {
    section: CODING,
    sent: 'identity, then gzip in a second field',
    bytes: request(
      'POST /mirror',
      { ...TEXT, 'Content-Encoding': 'identity', 'content-encoding': 'gzip' },
      'hello',
    ),
    statuses: [415],
    headers: { 'accept-encoding': 'identity' },
  },
  {
    section: CODING,
    sent: 'IDENTITY in upper case',
    bytes: request('POST /mirror', { ...TEXT, 'Content-Encoding': 'IDENTITY' }, 'hello'),
    statuses: [200],
    body: 'POST: hello',
  },
]

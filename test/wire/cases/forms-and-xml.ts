import { request, type WireCase } from '../case.ts'
import { AS_JSON, FORM, PARSED_TYPES, TEXT } from '../fields.ts'

/** Expects 400 for a malformed body. */
function malformed(
  section: string,
  sent: string,
  type: Record<string, string>,
  body: string,
  reason: string,
): WireCase {
  return badBody(section, sent, request('POST /mirror', type, body), {
    status: 400,
    message: `Bad Request: ${reason}`,
  })
}

/** Expects 400, and that the connection stays open. */
function badBody(section: string, sent: string, bytes: string, body: object): WireCase {
  return { section, sent, bytes, statuses: [400], body }
}

/** Expects 415 for XML that is not in UTF-8. */
function notUtf8(sent: string, body: string, reason: string): WireCase {
  return {
    section: 'RFC 7303 §3.2',
    sent,
    bytes: request('POST /mirror', { 'Content-Type': 'application/xml', ...AS_JSON }, body),
    statuses: [415],
    headers: { accept: 'application/xml; charset=utf-8' },
    body: { status: 415, message: `Unsupported Media Type: ${reason}` },
  }
}

/** Writes a POST of a multipart form. `boundary` is the part of Content-Type after the media type. */
function multipart(boundary: string, body: string): string {
  const type = { ...AS_JSON, 'Content-Type': `multipart/form-data${boundary}` }
  return request('POST /mirror', type, body)
}

const PART = '--B\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\nabc\r\n'

const MALFORMED = 'Bad Request: the multipart body is malformed:'

export const FORMS_AND_XML: WireCase[] = [
  malformed(
    'RFC 3986 §2.1',
    'a form with a percent sign without digits',
    FORM,
    'a=%zz',
    'the form is not valid percent-encoded UTF-8',
  ),
  malformed(
    'RFC 3986 §2.5',
    'a form with invalid UTF-8, percent-encoded',
    FORM,
    'a=%ff',
    'the form is not valid percent-encoded UTF-8',
  ),
  malformed(
    'RFC 3629 §3',
    'a form with invalid UTF-8',
    FORM,
    'a=\xff',
    'the body is not valid UTF-8',
  ),
  {
    section: 'RFC 9110 §8.3',
    sent: 'a form with a repeated name, and a field named `__proto__`',
    bytes: request('POST /mirror', { ...FORM, ...AS_JSON }, 'a=1&a=%32&__proto__=3'),
    statuses: [200],
    body: /"body":\{"a":\["1","2"\],"__proto__":"3"\}\}$/,
  },
  badBody(
    'RFC 2046 §5.1.1',
    'a multipart form without a boundary',
    multipart('', `${PART}--B--\r\n`),
    {
      status: 400,
      message: `${MALFORMED} Content-Type needs a boundary of 1 to 70 characters`,
    },
  ),
  badBody(
    'RFC 2046 §5.1.1',
    'a multipart form with a boundary of 71 characters',
    multipart(`; boundary=${'B'.repeat(71)}`, `${PART}--B--\r\n`),
    {
      status: 400,
      message: `${MALFORMED} Content-Type needs a boundary of 1 to 70 characters`,
    },
  ),
  badBody(
    'RFC 2046 §5.1.1',
    'a truncated multipart form',
    multipart('; boundary=B', PART.slice(0, -2)),
    { status: 400, message: `${MALFORMED} the last line, --B--, is missing` },
  ),
  badBody(
    'RFC 7578 §4.2',
    'a part without a name',
    multipart('; boundary=B', '--B\r\n\r\nabc\r\n--B--\r\n'),
    {
      status: 400,
      message: `${MALFORMED} each part needs Content-Disposition: form-data with a name`,
    },
  ),
  {
    section: 'RFC 6838 §4.3',
    sent: 'a multipart form with two boundaries',
    bytes: multipart('; boundary=B; boundary=C', `${PART}--B--\r\n`),
    statuses: [415],
    headers: { accept: PARSED_TYPES },
  },
  {
    section: 'RFC 7578 §4.1',
    sent: 'a multipart form with a file and a quoted boundary',
    bytes: multipart('; boundary="B"', `${PART}--B--\r\n`),
    statuses: [200],
    body: /"fileName":"x".*"data":\[97,98,99\]/,
  },
  {
    section: 'RFC 2046 §5.1.1',
    sent: 'a multipart form with an unquoted boundary that needs quotes',
    bytes: multipart('; boundary=--=B:', `${PART}--B--\r\n`.replaceAll('--B', '----=B:')),
    statuses: [200],
    body: /"fileName":"x".*"data":\[97,98,99\]/,
  },
  {
    section: 'RFC 7578 §5.1.1',
    sent: 'a multipart form with a file name in Latin-1',
    bytes: multipart('; boundary=B', `${PART}--B--\r\n`.replace('"x"', '"\xe9"')),
    statuses: [200],
    body: /"fileName":"é".*"data":\[97,98,99\]/,
  },
  {
    section: 'RFC 7578 §4.2',
    sent: 'a multipart form with an escaped quote in a file name',
    bytes: multipart('; boundary=B', `${PART}--B--\r\n`.replace('"x"', '"a\\"b"')),
    statuses: [200],
    body: /"fileName":"a\\"b".*"data":\[97,98,99\]/,
  },
  notUtf8(
    'XML that declares another encoding than UTF-8',
    '<?xml version="1.0" encoding="ISO-8859-1"?><a/>',
    'the XML body declares the encoding ISO-8859-1; supported: UTF-8',
  ),
  notUtf8(
    'XML in UTF-16',
    Buffer.from('\ufeff<a/>', 'utf16le').toString('latin1'),
    'UTF-16 or UTF-32; supported: utf-8',
  ),
  malformed(
    'RFC 7303 §10',
    'XML with a document type declaration',
    { 'Content-Type': 'text/xml' },
    '<!DOCTYPE a [<!ENTITY b "c">]><a/>',
    'the XML body must not have a document type declaration',
  ),
  malformed('RFC 6657 §3', 'text with invalid UTF-8', TEXT, '\xff', 'the body is not valid UTF-8'),
]

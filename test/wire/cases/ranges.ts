import { request, type WireCase } from '../case.ts'
import { LONG_AGO, TEXT } from '../fields.ts'

const FILE = 'digits: 0123456789'

const SENT = [request('POST /files', TEXT, FILE), request('GET {location}')]

/** Reads a file of 18 bytes with the given header fields. */
function part(
  section: string,
  sent: string,
  fields: Record<string, string>,
  expected: Pick<WireCase, 'body' | 'headers'> & { status: number },
): WireCase {
  const { status, body, headers = {} } = expected
  return {
    section,
    sent,
    before: SENT,
    bytes: request('GET {location}', fields),
    statuses: [status],
    ...(body !== undefined && { body }),
    headers,
  }
}

const WHOLE = {
  status: 200,
  body: FILE,
  headers: { 'content-range': null, 'accept-ranges': 'bytes', 'content-length': '18' },
}

export const RANGES: WireCase[] = [
  part('RFC 9110 §14.3', 'no Range', {}, WHOLE),
  part(
    'RFC 9110 §14.2',
    'the first bytes',
    { Range: 'bytes=0-5' },
    {
      status: 206,
      body: 'digits',
      headers: { 'content-range': 'bytes 0-5/18', 'content-length': '6', etag: /^"/ },
    },
  ),
  part(
    'RFC 9110 §14.1.2',
    'all bytes from a position to the end',
    { Range: 'bytes=8-' },
    {
      status: 206,
      body: '0123456789',
      headers: { 'content-range': 'bytes 8-17/18' },
    },
  ),
  part(
    'RFC 9110 §14.1.2',
    'the last bytes',
    { Range: 'bytes=-3' },
    {
      status: 206,
      body: '789',
      headers: { 'content-range': 'bytes 15-17/18' },
    },
  ),
  part(
    'RFC 9110 §14.1.2',
    'the last 99 bytes of a file of 18 bytes',
    { Range: 'bytes=-99' },
    {
      status: 206,
      body: FILE,
      headers: { 'content-range': 'bytes 0-17/18' },
    },
  ),
  part(
    'RFC 9110 §14.1.2',
    'bytes up to a position past the end of the file',
    { Range: 'bytes=16-99' },
    {
      status: 206,
      body: '89',
      headers: { 'content-range': 'bytes 16-17/18' },
    },
  ),
  part(
    'RFC 9110 §15.5.17',
    'only bytes past the end of the file',
    { Range: 'bytes=18-' },
    {
      status: 416,
      headers: { 'content-range': 'bytes */18', etag: null },
    },
  ),
  part('RFC 9110 §14.2', 'an unknown unit', { Range: 'lines=1-2' }, WHOLE),
  part('RFC 9110 §14.2', 'a malformed Range', { Range: 'bytes=5-1' }, WHOLE),
  part('RFC 9110 §14.2', 'several ranges', { Range: 'bytes=0-1,4-5' }, WHOLE),
  part(
    'RFC 9110 §13.1.5',
    'a range, and If-Range with a wrong ETag',
    { Range: 'bytes=0-5', 'If-Range': '"x"' },
    WHOLE,
  ),
  part(
    'RFC 9110 §13.1.5',
    'a range, and If-Range with a wrong date',
    { Range: 'bytes=0-5', 'If-Range': LONG_AGO },
    WHOLE,
  ),
  part(
    'RFC 9110 §13.1.5',
    'a range, and If-Range with a weak ETag',
    { Range: 'bytes=0-5', 'If-Range': 'W/{etag}' },
    WHOLE,
  ),
  part(
    'RFC 9110 §13.1.5',
    'a range, and If-Range with the current ETag',
    { Range: 'bytes=0-5', 'If-Range': '{etag}' },
    {
      status: 206,
      body: 'digits',
      headers: { 'content-range': 'bytes 0-5/18' },
    },
  ),
  part(
    'RFC 9110 §13.2.2',
    'only bytes past the end of the file, and If-None-Match with the current ETag',
    { Range: 'bytes=18-', 'If-None-Match': '{etag}' },
    {
      status: 304,
      body: '',
      headers: { 'content-range': null, 'content-length': null },
    },
  ),
  part(
    'RFC 9110 §13.2.2',
    'a range, and If-Match with a wrong ETag',
    { Range: 'bytes=0-5', 'If-Match': '"x"' },
    {
      status: 412,
      headers: { 'content-range': null },
    },
  ),
  {
    section: 'RFC 9110 §14.1.2',
    sent: 'the last bytes of an empty file',
    before: [request('POST /files', TEXT), request('GET {location}')],
    bytes: request('GET {location}', { Range: 'bytes=-5' }),
    statuses: [200],
    headers: { 'content-range': null, 'content-length': '0', 'accept-ranges': 'bytes' },
    body: '',
  },
]

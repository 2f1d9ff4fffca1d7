import { request, type WireCase } from '../case.ts'
import { AS_JSON, AUTHORIZED, JSON_TYPE, LONG_AGO } from '../fields.ts'

const NOTE = '{"title":"A title","body":"A body","author":"luis"}'

/** Id of the latest note. Each case writes to a different note. */
let lastId = 9_000

/** Creates a note, writes to the note with the given preconditions, then reads the note. */
function write(
  section: string,
  sent: string,
  method: 'PUT' | 'DELETE',
  fields: Record<string, string>,
  statuses: [number, number],
): WireCase {
  lastId += 1
  const target = `/notes/${lastId}`
  const json = { ...AUTHORIZED, ...AS_JSON, ...JSON_TYPE }
  const changed = NOTE.replace('A title', 'Changed')
  return {
    section,
    sent,
    before: [request(`PUT ${target}`, json, NOTE)],
    bytes: [
      method === 'PUT'
        ? request(`PUT ${target}`, { ...json, ...fields }, changed)
        : request(`DELETE ${target}`, { ...AUTHORIZED, ...fields }),
      request(`GET ${target}`, AS_JSON),
    ],
    statuses,
    body:
      { 404: /Not Found/, 200: statuses[0] === 200 ? /Changed/ : /A title/ }[statuses[1]] ?? /./,
  }
}

const NONE = { 'If-None-Match': '*' }

/** Sends a note to a list with the given preconditions. */
function create(
  section: string,
  sent: string,
  fields: Record<string, string>,
  status: number,
): WireCase {
  return {
    section,
    sent,
    bytes: request('POST /notes', { ...AUTHORIZED, ...AS_JSON, ...JSON_TYPE, ...fields }, NOTE),
    statuses: [status],
  }
}

export const CONDITIONAL_WRITES: WireCase[] = [
  write(
    'RFC 9110 §13.1.1',
    'PUT with the current ETag',
    'PUT',
    { 'If-Match': '{etag}' },
    [200, 200],
  ),
  write('RFC 9110 §5.6.1', 'PUT with an empty If-Match', 'PUT', { 'If-Match': ' , ' }, [428, 200]),
  write('RFC 9110 §13.1.1', 'PUT with If-Match: `*`', 'PUT', { 'If-Match': '*' }, [200, 200]),
  write('RFC 9110 §13.1.1', 'PUT with a wrong ETag', 'PUT', { 'If-Match': '"x"' }, [412, 200]),
  write(
    'RFC 9110 §8.8.3.2',
    'PUT with the current ETag, marked as weak',
    'PUT',
    { 'If-Match': 'W/{etag}' },
    [412, 200],
  ),
  write(
    'RFC 9110 §8.8.3',
    'PUT with a malformed ETag',
    'PUT',
    { 'If-Match': 'unquoted' },
    [400, 200],
  ),
  write('RFC 6585 §3', 'PUT without a precondition', 'PUT', {}, [428, 200]),
  write(
    'RFC 9110 §13.1.2',
    'PUT of an existing note with If-None-Match: `*`',
    'PUT',
    { 'If-None-Match': '*' },
    [412, 200],
  ),
  write(
    'RFC 9110 §13.1.2',
    'PUT with the current ETag in If-None-Match',
    'PUT',
    { 'If-None-Match': '{etag}' },
    [412, 200],
  ),
  write(
    'RFC 9110 §13.1.4',
    'PUT with If-Unmodified-Since and an earlier date',
    'PUT',
    { 'If-Unmodified-Since': LONG_AGO },
    [412, 200],
  ),
  write(
    'RFC 9110 §13.2.2',
    'PUT with the current ETag, and If-Unmodified-Since with an earlier date',
    'PUT',
    { 'If-Match': '{etag}', 'If-Unmodified-Since': LONG_AGO },
    [200, 200],
  ),
  write(
    'RFC 9110 §13.1.1',
    'DELETE with the current ETag',
    'DELETE',
    { 'If-Match': '{etag}' },
    [204, 404],
  ),
  write(
    'RFC 9110 §13.1.1',
    'DELETE with a wrong ETag',
    'DELETE',
    { 'If-Match': '"x"' },
    [412, 200],
  ),
  write('RFC 6585 §3', 'DELETE without a precondition', 'DELETE', {}, [428, 200]),
  {
    section: 'RFC 9110 §13.1.1',
    sent: 'PUT of a new note with If-Match: `*`',
    bytes: [
      request('PUT /notes/8001', { ...AUTHORIZED, ...JSON_TYPE, 'If-Match': '*' }, NOTE),
      request('GET /notes/8001'),
    ],
    statuses: [412, 404],
  },
  {
    section: 'RFC 9110 §13.1.2',
    sent: 'PUT of a new note with If-None-Match: `*`',
    bytes: request('PUT /notes/8002', { ...AUTHORIZED, ...JSON_TYPE, 'If-None-Match': '*' }, NOTE),
    statuses: [201],
    headers: { location: '/notes/8002', etag: /^"/ },
  },
  create('RFC 9110 §13.1.1', 'POST with another ETag', { 'If-Match': '"nope"' }, 412),
  create('RFC 9110 §13.1.2', 'POST to an existing list with If-None-Match: `*`', NONE, 412),
  {
    section: 'RFC 9110 §13.1.1',
    sent: 'POST to a path without GET, with If-Match: `*`',
    bytes: request('POST /files', { 'Content-Type': 'text/plain', 'If-Match': '*' }, 'a'),
    statuses: [412],
    body: { status: 412, message: 'Precondition Failed: If-Match: the resource does not exist' },
  },
  {
    section: 'RFC 9110 §13.1.2',
    sent: 'POST to a path without GET, with If-None-Match: `*`',
    bytes: request('POST /files', { 'Content-Type': 'text/plain', ...NONE }, 'a'),
    statuses: [201],
  },
  {
    section: 'RFC 9110 §14.5',
    sent: 'PUT with Content-Range',
    bytes: [
      request(
        'PUT /notes/8003',
        { ...AUTHORIZED, ...JSON_TYPE, 'Content-Range': 'bytes 0-9/100' },
        NOTE,
      ),
      request('GET /notes/8003'),
    ],
    statuses: [400, 404],
  },
]

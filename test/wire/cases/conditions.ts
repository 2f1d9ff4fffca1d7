import { request, type WireCase } from '../case.ts'

const AUTHORIZED = { Authorization: 'Bearer secret-token' }
const AS_JSON = { Accept: 'application/json' }
const ARTICLE = '{"title":"A title","body":"A body","author":"luis"}'
const LONG_AGO = 'Sun, 06 Nov 1994 08:49:37 GMT'
const FAR_AHEAD = 'Tue, 19 Jan 2038 03:14:07 GMT'

/** Articles of the cases' own: what one writes, no other reads. */
let lastId = 9_000

/** A read of the tutorial's article, which nobody writes, by what the fields say of it. */
function read(
  section: string,
  sent: string,
  fields: Record<string, string>,
  status: number,
  target = '/articles/123',
): WireCase {
  const before = [request(`GET ${target}`, AS_JSON)]
  const octets = request(`GET ${target}`, { ...AS_JSON, ...fields })
  const isRefused = status === 412
  return {
    section,
    sent,
    before,
    octets,
    statuses: [status],
    headers: isRefused ? { etag: null } : { etag: /^"[^"]+"$/ },
    body: { 200: /123/, 304: '', 412: /"status":412/ }[status] ?? /./,
  }
}

/** A write to an article that was created before, and the reader who sees what came of it. */
function write(
  section: string,
  sent: string,
  method: 'PUT' | 'DELETE',
  fields: Record<string, string>,
  statuses: [number, number],
): WireCase {
  lastId += 1
  const target = `/articles/${lastId}`
  const json = { ...AUTHORIZED, ...AS_JSON, 'Content-Type': 'application/json' }
  const changed = ARTICLE.replace('A title', 'Changed')
  return {
    section,
    sent,
    before: [request(`PUT ${target}`, json, ARTICLE)],
    octets: [
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

const MESSAGE = 'octets: 0123456789'
const SENT = [
  request('POST /messages', { 'Content-Type': 'text/plain' }, MESSAGE),
  request('GET {location}'),
]

/** A read of a message of 18 octets, by what the fields say of its parts. */
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
    octets: request('GET {location}', fields),
    statuses: [status],
    ...(body !== undefined && { body }),
    headers,
  }
}

const WHOLE = {
  status: 200,
  body: MESSAGE,
  headers: { 'content-range': null, 'accept-ranges': 'bytes', 'content-length': '18' },
}

export const CONDITIONS: WireCase[] = [
  read('RFC 9110 §13.1.2', 'If-None-Match with the tag', { 'If-None-Match': '{etag}' }, 304),
  read('RFC 9110 §13.1.2', 'If-None-Match with another tag', { 'If-None-Match': '"x"' }, 200),
  read(
    'RFC 9110 §13.1.2',
    'If-None-Match with the tag in a list',
    { 'If-None-Match': '"x", {etag}, "y,z"' },
    304,
  ),
  read('RFC 9110 §13.1.2', 'If-None-Match with any (`*`)', { 'If-None-Match': '*' }, 304),
  read(
    'RFC 9110 §8.8.3.2',
    'If-None-Match with the tag, weak',
    { 'If-None-Match': 'W/{etag}' },
    304,
  ),
  read(
    'RFC 9110 §8.8.3',
    'If-None-Match with the tag of another syntax',
    { 'If-None-Match': '{etag}', Accept: 'application/xml' },
    200,
  ),
  read('RFC 9110 §13.1.1', 'If-Match with the tag', { 'If-Match': '{etag}' }, 200),
  read('RFC 9110 §13.1.1', 'If-Match with any (`*`)', { 'If-Match': '*' }, 200),
  read('RFC 9110 §13.1.1', 'If-Match with another tag', { 'If-Match': '"x"' }, 412),
  read('RFC 9110 §8.8.3.2', 'If-Match with the tag, weak', { 'If-Match': 'W/{etag}' }, 412),
  read(
    'RFC 9110 §13.1.3',
    'If-Modified-Since the last change',
    { 'If-Modified-Since': '{last-modified}' },
    304,
  ),
  read(
    'RFC 9110 §13.1.3',
    'If-Modified-Since before the last change',
    { 'If-Modified-Since': LONG_AGO },
    200,
  ),
  read(
    'RFC 9110 §13.1.3',
    'If-Modified-Since long after the last change',
    { 'If-Modified-Since': FAR_AHEAD },
    304,
  ),
  read(
    'RFC 9110 §13.1.3',
    'If-Modified-Since that is no date',
    { 'If-Modified-Since': 'yesterday' },
    200,
  ),
  read(
    'RFC 9110 §5.6.7',
    'If-Modified-Since in the form of RFC 850',
    { 'If-Modified-Since': 'Sunday, 06-Nov-94 08:49:37 GMT' },
    200,
  ),
  read(
    'RFC 9110 §5.6.7',
    'If-Modified-Since in the form of asctime',
    { 'If-Modified-Since': 'Tue Jan 19 03:14:07 2038' },
    304,
  ),
  read(
    'RFC 9110 §13.1.4',
    'If-Unmodified-Since the last change',
    { 'If-Unmodified-Since': '{last-modified}' },
    200,
  ),
  read(
    'RFC 9110 §13.1.4',
    'If-Unmodified-Since before the last change',
    { 'If-Unmodified-Since': LONG_AGO },
    412,
  ),
  read(
    'RFC 9110 §13.1.4',
    'If-Unmodified-Since that is no date',
    { 'If-Unmodified-Since': 'yesterday' },
    200,
  ),
  read(
    'RFC 9110 §13.2.2',
    'If-Match that holds beside If-Unmodified-Since that does not',
    { 'If-Match': '{etag}', 'If-Unmodified-Since': LONG_AGO },
    200,
  ),
  read(
    'RFC 9110 §13.2.2',
    'If-Match that does not hold beside If-None-Match that does not',
    { 'If-Match': '"x"', 'If-None-Match': '{etag}' },
    412,
  ),
  read(
    'RFC 9110 §13.2.2',
    'If-None-Match that holds beside If-Modified-Since that does not',
    { 'If-None-Match': '"x"', 'If-Modified-Since': FAR_AHEAD },
    200,
  ),
  read(
    'RFC 9110 §13.2.2',
    'If-Unmodified-Since that does not hold beside If-None-Match that does not',
    { 'If-Unmodified-Since': LONG_AGO, 'If-None-Match': '{etag}' },
    412,
  ),
  {
    section: 'RFC 9110 §13.2.1',
    sent: 'If-Match on what is not there',
    octets: request('GET /articles/404', { 'If-Match': '*' }),
    statuses: [404],
  },
  {
    section: 'RFC 9110 §13.2.1',
    sent: 'If-None-Match on what is protected, from a stranger',
    octets: request('GET /secrets', { 'If-None-Match': '*' }),
    statuses: [401],
  },
  {
    section: 'RFC 9110 §13.2.1',
    sent: 'If-None-Match on what has no version',
    octets: request('GET /hello', { 'If-None-Match': '*' }),
    statuses: [200],
    body: 'Hello John Doe',
  },
  {
    section: 'RFC 9110 §15.4.5',
    sent: 'a read of what the client has: the fields of a 200 stay',
    before: [request('GET /articles/123', AS_JSON)],
    octets: request('GET /articles/123', { ...AS_JSON, 'If-None-Match': '{etag}' }),
    statuses: [304],
    headers: {
      etag: /^"[^"]+-json"$/,
      'last-modified': / GMT$/,
      vary: /\bAccept\b/,
      'content-type': null,
      'content-length': null,
      'transfer-encoding': null,
    },
  },
  {
    section: 'RFC 9110 §8.8.2',
    sent: 'a read of what has a time',
    octets: request('GET /articles/123', AS_JSON),
    statuses: [200],
    headers: {
      'last-modified':
        /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/,
    },
  },

  write('RFC 9110 §13.1.1', 'PUT with the tag', 'PUT', { 'If-Match': '{etag}' }, [200, 200]),
  write('RFC 9110 §13.1.1', 'PUT with any (`*`)', 'PUT', { 'If-Match': '*' }, [200, 200]),
  write('RFC 9110 §13.1.1', 'PUT with another tag', 'PUT', { 'If-Match': '"x"' }, [412, 200]),
  write(
    'RFC 9110 §8.8.3.2',
    'PUT with the tag, weak',
    'PUT',
    { 'If-Match': 'W/{etag}' },
    [412, 200],
  ),
  write(
    'RFC 9110 §8.8.3',
    'PUT with something that is no tag',
    'PUT',
    { 'If-Match': 'unquoted' },
    [400, 200],
  ),
  write('RFC 6585 §3', 'PUT without a condition', 'PUT', {}, [428, 200]),
  write(
    'RFC 9110 §13.1.2',
    'PUT only where nothing is (`If-None-Match: *`)',
    'PUT',
    { 'If-None-Match': '*' },
    [412, 200],
  ),
  write(
    'RFC 9110 §13.1.2',
    'PUT with If-None-Match and the tag',
    'PUT',
    { 'If-None-Match': '{etag}' },
    [412, 200],
  ),
  write(
    'RFC 9110 §13.1.4',
    'PUT with If-Unmodified-Since before the last change',
    'PUT',
    { 'If-Unmodified-Since': LONG_AGO },
    [412, 200],
  ),
  write(
    'RFC 9110 §13.2.2',
    'PUT with the tag and If-Unmodified-Since before the last change',
    'PUT',
    { 'If-Match': '{etag}', 'If-Unmodified-Since': LONG_AGO },
    [200, 200],
  ),
  write('RFC 9110 §13.1.1', 'DELETE with the tag', 'DELETE', { 'If-Match': '{etag}' }, [204, 404]),
  write('RFC 9110 §13.1.1', 'DELETE with another tag', 'DELETE', { 'If-Match': '"x"' }, [412, 200]),
  write('RFC 6585 §3', 'DELETE without a condition', 'DELETE', {}, [428, 200]),
  {
    section: 'RFC 9110 §13.1.1',
    sent: 'PUT with If-Match where nothing is',
    octets: [
      request(
        'PUT /articles/8001',
        { ...AUTHORIZED, 'Content-Type': 'application/json', 'If-Match': '*' },
        ARTICLE,
      ),
      request('GET /articles/8001'),
    ],
    statuses: [412, 404],
  },
  {
    section: 'RFC 9110 §13.1.2',
    sent: 'PUT with `If-None-Match: *` where nothing is',
    octets: request(
      'PUT /articles/8002',
      { ...AUTHORIZED, 'Content-Type': 'application/json', 'If-None-Match': '*' },
      ARTICLE,
    ),
    statuses: [201],
    headers: { location: '/articles/8002', etag: /^"/ },
  },
  {
    section: 'RFC 9110 §14.5',
    sent: 'PUT with Content-Range',
    octets: [
      request(
        'PUT /articles/8003',
        { ...AUTHORIZED, 'Content-Type': 'application/json', 'Content-Range': 'bytes 0-9/100' },
        ARTICLE,
      ),
      request('GET /articles/8003'),
    ],
    statuses: [400, 404],
  },

  part('RFC 9110 §14.3', 'a read of what has parts', {}, WHOLE),
  part(
    'RFC 9110 §14.2',
    'the first octets',
    { Range: 'bytes=0-5' },
    {
      status: 206,
      body: 'octets',
      headers: { 'content-range': 'bytes 0-5/18', 'content-length': '6', etag: /^"/ },
    },
  ),
  part(
    'RFC 9110 §14.1.2',
    'the octets from one on',
    { Range: 'bytes=8-' },
    {
      status: 206,
      body: '0123456789',
      headers: { 'content-range': 'bytes 8-17/18' },
    },
  ),
  part(
    'RFC 9110 §14.1.2',
    'the last octets',
    { Range: 'bytes=-3' },
    {
      status: 206,
      body: '789',
      headers: { 'content-range': 'bytes 15-17/18' },
    },
  ),
  part(
    'RFC 9110 §14.1.2',
    'more last octets than there are',
    { Range: 'bytes=-99' },
    {
      status: 206,
      body: MESSAGE,
      headers: { 'content-range': 'bytes 0-17/18' },
    },
  ),
  part(
    'RFC 9110 §14.1.2',
    'octets to beyond the end',
    { Range: 'bytes=16-99' },
    {
      status: 206,
      body: '89',
      headers: { 'content-range': 'bytes 16-17/18' },
    },
  ),
  part(
    'RFC 9110 §15.5.17',
    'octets beyond the end',
    { Range: 'bytes=18-' },
    {
      status: 416,
      headers: { 'content-range': 'bytes */18', etag: null },
    },
  ),
  part('RFC 9110 §14.2', 'a unit that is not known', { Range: 'lines=1-2' }, WHOLE),
  part('RFC 9110 §14.2', 'a Range that is malformed', { Range: 'bytes=5-1' }, WHOLE),
  part('RFC 9110 §14.2', 'several ranges', { Range: 'bytes=0-1,4-5' }, WHOLE),
  part(
    'RFC 9110 §13.1.5',
    'a range, if the tag is another',
    { Range: 'bytes=0-5', 'If-Range': '"x"' },
    WHOLE,
  ),
  part(
    'RFC 9110 §13.1.5',
    'a range, if the date is another',
    { Range: 'bytes=0-5', 'If-Range': LONG_AGO },
    WHOLE,
  ),
  part(
    'RFC 9110 §13.1.5',
    'a range, if the tag is weak',
    { Range: 'bytes=0-5', 'If-Range': 'W/{etag}' },
    WHOLE,
  ),
  part(
    'RFC 9110 §13.1.5',
    'a range, if the tag is the same',
    { Range: 'bytes=0-5', 'If-Range': '{etag}' },
    {
      status: 206,
      body: 'octets',
      headers: { 'content-range': 'bytes 0-5/18' },
    },
  ),
  part(
    'RFC 9110 §13.2.2',
    'octets beyond the end of what the client has',
    { Range: 'bytes=18-', 'If-None-Match': '{etag}' },
    {
      status: 304,
      body: '',
      headers: { 'content-range': null, 'content-length': null },
    },
  ),
  part(
    'RFC 9110 §13.2.2',
    'a range under If-Match with another tag',
    { Range: 'bytes=0-5', 'If-Match': '"x"' },
    {
      status: 412,
      headers: { 'content-range': null },
    },
  ),
]

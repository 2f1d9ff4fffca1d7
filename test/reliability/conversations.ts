/** A request, and its expected status or several possible statuses. */
type Exchange = [
  status: number | number[],
  method: string,
  target: string,
  fields?: Record<string, string>,
  body?: string,
]

const JSON_BODY = { 'content-type': 'application/json' }
const BEARER = { authorization: 'Bearer secret-token' }
const WRITER = { ...BEARER, ...JSON_BODY }
const MERGE_PATCH = { ...WRITER, 'content-type': 'application/merge-patch+json' }
const MULTIPART = { 'content-type': 'multipart/form-data; boundary=b' }

const NOTE = '{"title":"A title","body":"A body","author":"someone"}'
const FILE =
  '--b\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nhello\r\n--b--\r\n'

/** Statuses of a failed login. After too many failed logins from an address, the status is 429. */
const FAILED_LOGIN = [401, 429]

/** Functions that return the requests of a connection. `number` is different for each connection. */
const CONVERSATIONS: Record<string, (number: number) => Exchange[]> = {
  read: () => [
    [200, 'GET', '/'],
    [200, 'GET', '/notes/123', { accept: 'application/xml' }],
    [200, 'GET', '/notes?limit=1', { accept: 'text/html' }],
    [200, 'HEAD', '/notes'],
    [200, 'GET', '/greeting?name=Luis', { accept: 'application/json' }],
  ],
  compress: () => [
    [200, 'GET', '/notes?limit=50', { 'accept-encoding': 'zstd' }],
    [200, 'GET', '/notes?limit=50', { 'accept-encoding': 'gzip' }],
  ],
  'create, change and delete': (number) => {
    // ids count down, because the database assigns ids above the largest one
    const note = `/notes/${10 ** 9 - number}`
    return [
      [201, 'PUT', note, { ...WRITER, 'if-none-match': '*' }, NOTE],
      [200, 'PUT', note, { ...WRITER, 'if-match': '*' }, NOTE],
      [200, 'PATCH', note, { ...MERGE_PATCH, 'if-match': '*' }, '{"body":"Another"}'],
      [204, 'DELETE', note, { ...BEARER, 'if-match': '*' }],
      [404, 'GET', note],
    ]
  },
  'repeat a POST': (number) => [
    [201, 'POST', '/notes', { ...WRITER, 'idempotency-key': `key-${number}` }, NOTE],
    [201, 'POST', '/notes', { ...WRITER, 'idempotency-key': `key-${number}` }, NOTE],
    [422, 'POST', '/notes', { ...WRITER, 'idempotency-key': `key-${number}` }, `${NOTE} `],
  ],
  'send preconditions': () => [
    [304, 'GET', '/notes/123', { 'if-none-match': '*' }],
    [412, 'PUT', '/notes/123', { ...WRITER, 'if-match': '"9"' }, NOTE],
    [428, 'PUT', '/notes/123', WRITER, NOTE],
  ],
  'upload files': () => [
    [201, 'POST', '/files', MULTIPART, FILE],
    [201, 'POST', '/files', { 'content-type': 'application/octet-stream' }, '\0\x01\xff'],
    [200, 'GET', '/files/1'],
  ],
  authenticate: () => [
    [200, 'GET', '/vault', BEARER],
    [200, 'GET', '/vault', { authorization: `Basic ${btoa('admin:secret')}` }],
    [401, 'GET', '/vault'],
    [FAILED_LOGIN, 'GET', '/vault', { authorization: `Basic ${btoa('admin:guess')}` }],
  ],
  'cause errors': (number) => [
    [404, 'GET', `/nowhere/${number}`],
    [405, 'DELETE', '/greeting'],
    [406, 'GET', '/greeting', { accept: 'image/png' }],
    [415, 'POST', '/files', { 'content-type': `a/b-${number}; a` }, 'a'],
    [400, 'POST', '/files', JSON_BODY, '{'],
    [400, 'GET', '/notes/x'],
    [413, 'POST', '/files', { ...JSON_BODY, 'content-length': '9999999' }],
  ],
  'send a TLS handshake': () => [[400, '\x16\x03\x01', '*']],
}

/** All requests of a connection as bytes that are sent at once, and the possible statuses of each response. */
export interface Conversation {
  title: string
  bytes: string
  statuses: number[][]
}

/**
 * Returns a conversation.
 *
 * @param choice number from 0 to below 1 that selects the conversation
 * @param number number that no other conversation has
 */
export function conversation(choice: number, number: number): Conversation {
  const all = Object.entries(CONVERSATIONS)
  const [title = '', write = () => []] = all[Math.floor(choice * all.length)] ?? []
  const exchanges = write(number)
  const bytes = exchanges.map((exchange, index) =>
    writeRequest(exchange, index === exchanges.length - 1),
  )
  return { title, bytes: bytes.join(''), statuses: exchanges.map(([status]) => [status].flat()) }
}

function writeRequest([, method, target, fields, body = '']: Exchange, isLast: boolean): string {
  const lines = Object.entries({
    host: '127.0.0.1',
    'content-length': String(body.length),
    ...fields,
    ...(isLast && { connection: 'close' }),
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n${body}`
}

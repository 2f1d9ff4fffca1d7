/** Requests within the default limits that may take much CPU time, for `worst.ts`. */
import { BODIES, fill, JSON_TYPE, series, TEXT, VALUES, XML } from './bodies.ts'

export interface Candidate {
  title: string
  path: string
  method?: string
  /** Returns the header fields. The index differs for each request, so that no cache knows the request. */
  headers: (index: number) => Record<string, string>
  body?: string
}

/** The head of a request is limited to 16 KiB, and its target to 8,000 bytes. */
const FIELD_SIZE = 15_000
const TARGET_SIZE = 7_900
/** Maximum length of an article's text, in characters. */
const TEXT_LENGTH = 100_000

const HTML = 'text/html'
const JSON_PATCH = 'application/json-patch+json'

function echo(title: string, [type, body]: [string, string], fields: object = { accept: TEXT }) {
  return {
    title,
    path: '/echo',
    method: 'POST',
    headers: () => ({ 'content-type': type, ...fields }),
    body,
  }
}

/** Characters that are escaped in a representation. */
const ESCAPED = { quotes: '"', 'control characters': '\u0001', ampersands: '&', slashes: '/' }
const WORDS = series((index) => String(index * 7_919), 110_000, ' ')

const ECHOES: Candidate[] = [
  echo('text as JSON (baseline)', [TEXT, fill('a')], { accept: JSON_TYPE }),
  ...Object.entries(ESCAPED).flatMap(([title, character]) =>
    [JSON_TYPE, XML, HTML].map((accept) =>
      echo(`${title} as ${accept}`, [TEXT, fill(character)], { accept }),
    ),
  ),
  ...['gzip', 'zstd', 'br'].map((coding) =>
    echo(`text, with ${coding}`, [TEXT, WORDS], { accept: JSON_TYPE, 'accept-encoding': coding }),
  ),
  ...Object.entries(BODIES).map(([title, body]) => echo(title, body)),
]

const article = (body: string) => JSON.stringify({ title: 'T', body, author: 'A' })
const cjk = (index: number) => String.fromCharCode(0x4e00 + (index % 20_000))
const operations = (operation: object) => JSON.stringify(Array(99).fill(operation))
/** A patch that adds an array and then applies an operation as often as possible. */
const onArray = (item: string, operation: object) =>
  `[{"op":"add","path":"/a","value":[${series(() => item, VALUES - 700)}]},${operations(operation).slice(1)}`

/** Writes of articles by title: method, media type and body. */
const WRITES: Record<string, [method: string, mediaType: string, body: string]> = {
  'article, different words': [
    'POST',
    JSON_TYPE,
    article(series((index) => index.toString(36), TEXT_LENGTH / 5, ' ')),
  ],
  'article, different CJK letters': ['POST', JSON_TYPE, article(series(cjk, TEXT_LENGTH, ''))],
  'article, ligatures': ['POST', JSON_TYPE, article(fill('\ufdfa', TEXT_LENGTH))],
  'article, Thai': ['POST', JSON_TYPE, article(fill('\u0e01', TEXT_LENGTH))],
  'article, a long line end': ['POST', JSON_TYPE, article(fill('\n', 500_000))],
  'article, unknown members': ['POST', JSON_TYPE, `{${series((i) => `"${i}":0`, VALUES)}}`],
  'merge patch, unknown members': ['PATCH', JSON_TYPE, `{${series((i) => `"${i}":0`, VALUES)}}`],
  'JSON Patch, items of another type': ['PATCH', JSON_PATCH, `[${series(() => '{}', VALUES)}]`],
  'JSON Patch, a long pointer': [
    'PATCH',
    JSON_PATCH,
    JSON.stringify([{ op: 'remove', path: fill('/a') }]),
  ],
  'JSON Patch, copies': [
    'PATCH',
    JSON_PATCH,
    onArray('[]', { op: 'copy', from: '/a', path: '/a/-' }),
  ],
  'JSON Patch, inserts': ['PATCH', JSON_PATCH, onArray('0', { op: 'add', path: '/a/0', value: 0 })],
  'JSON Patch, moves': [
    'PATCH',
    JSON_PATCH,
    onArray('0', { op: 'move', from: '/a/0', path: '/a/-' }),
  ],
  'JSON Patch, tests': ['PATCH', JSON_PATCH, onArray('{}', { op: 'test', path: '/a', value: [] })],
}

const CREDENTIALS = { authorization: 'Bearer secret-token', 'if-match': '*', accept: JSON_TYPE }

function write([title, [method, type, body]]: [string, [string, string, string]]): Candidate {
  const path = method === 'POST' ? '/articles' : '/articles/123'
  return { title, path, method, headers: () => ({ ...CREDENTIALS, 'content-type': type }), body }
}

function message(title: string, body: string): Candidate {
  const headers = (index: number) => ({
    'content-type': JSON_TYPE,
    'idempotency-key': `"${title.length}-${index}"`,
  })
  return { title, path: '/messages', method: 'POST', headers, body }
}

/** Messages with a key, so that the service also compares their bodies with earlier ones. */
const MESSAGES = [
  message('message of long numbers', `[${series((i) => `${i}${fill('0', 90)}`, VALUES)}]`),
  message(
    'message of escaped names',
    `{${series((i) => `"${i}${fill('\\u0001', 90)}":0`, VALUES)}}`,
  ),
]

/** A message of 1 MiB. A list of 100 such messages must not cost more than a list of short ones. */
export const LONG_MESSAGE: Candidate = {
  title: 'message of 1 MiB',
  path: '/messages',
  method: 'POST',
  headers: () => ({ 'content-type': TEXT }),
  body: fill('a'),
}

/** Values of header fields of a GET request by title: path, name and value. */
const FIELDS: Record<string, [path: string, name: string, value: string]> = {
  'Accept, many types': ['/hello', 'accept', `${fill('a/b,', FIELD_SIZE)}*/*;q=0.`],
  'Accept, many parameters': ['/hello', 'accept', `*/*,a/b${fill(';a=1', FIELD_SIZE)}`],
  'Accept-Encoding, many codings': ['/articles', 'accept-encoding', fill('a,', FIELD_SIZE)],
  'If-None-Match, many tags': ['/articles/123', 'if-none-match', `${fill('"a",', FIELD_SIZE)}"b"`],
  'If-None-Match, malformed': ['/articles/123', 'if-none-match', `"a"${fill(', ', FIELD_SIZE)}`],
  'Range, many ranges': ['/messages/1', 'range', `bytes=${fill('0-1,', FIELD_SIZE)}`],
  'Prefer, many preferences': ['/articles/123', 'prefer', fill('return=minimal,', FIELD_SIZE)],
  'message of 1 MiB, with br': ['/messages/1', 'accept-encoding', 'br'],
}

/** Targets of GET requests. */
const TARGETS: Record<string, string> = {
  'deep path': fill('/a', TARGET_SIZE),
  'encoded path': `/${fill('%22', TARGET_SIZE)}`,
  'unknown query parameters': `/articles?${series((index) => `${index}=1`, 1_000, '&')}`,
  'search for many words': `/articles?q=${series((index) => index.toString(36), 70, '+')}`,
  'list of 100 articles': '/articles?limit=100',
  'list of 100 messages of 1 MiB': '/messages?limit=100',
  'wrong cursor': `/articles?after=${fill('a', 2_000)}`,
  'front page': '/',
  metrics: '/metrics',
}

const wrongPassword: Candidate = {
  title: 'wrong password, off the event loop; AUTH_FAILURE_LIMIT a minute',
  path: '/secrets',
  headers: (index) => ({ authorization: `Basic ${btoa(`admin:${index}`)}` }),
}

export const CANDIDATES: readonly Candidate[] = [
  ...ECHOES,
  ...Object.entries(WRITES).map(write),
  ...MESSAGES,
  LONG_MESSAGE,
  ...Object.entries(FIELDS).map(([title, [path, name, value]]) => {
    return { title, path, headers: (index: number) => ({ [name]: `${value}${index}` }) }
  }),
  ...Object.entries(TARGETS).flatMap(([title, path]) =>
    [JSON_TYPE, HTML].map((accept) => {
      return { title: `${title} as ${accept}`, path, headers: () => ({ accept }) }
    }),
  ),
  wrongPassword,
]

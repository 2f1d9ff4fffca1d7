import fc from 'fast-check'
import { mediaTypesOf } from '../../src/http/body.ts'
import { AUTHORIZATION } from '../app.ts'
import type { Route } from './service.ts'

export type Fields = Record<string, string>

/** Placeholders for the ETag and Last-Modified that a GET with the same URL and Accept returns. */
export const ETAG = '{etag}'
export const MODIFIED = '{modified}'

/** Placeholder for an unused Idempotency-Key. */
export const KEY = '{key}'

/** Generates any subset of the header fields. Each field gets one of its values in `values`. */
function anyOf(values: Record<string, string[]>): fc.Arbitrary<Fields> {
  const members = Object.entries(values).map(([name, each]) => [name, fc.constantFrom(...each)])
  // The type allows undefined members, but fast-check omits them.
  return fc.record(Object.fromEntries(members), { requiredKeys: [] }) as fc.Arbitrary<Fields>
}

/** Values that Node's parser accepts in a header field. */
const value = fc.oneof(
  fc.string({ maxLength: 20 }).map((each) => each.trim()),
  fc.constantFrom('', ',', '"', ';q', '\xff', '\xc3\xa9', '*', ETAG, 'x'.repeat(5_000)),
)

const QUALITIES = ['', '', ';q=1', '; q=0.5', ';q=0.001', ';Q=0.000', ';q=0']

/** Generates Accept and Accept-Encoding, mostly with media types that the route offers. */
export function acceptOf({ schema }: Route): fc.Arbitrary<Fields> {
  const offered = Object.entries(schema.response)
    .filter(([status]) => status.startsWith('2'))
    .flatMap(([, response]) => mediaTypesOf(response))
  const problems = ['application/problem+json', 'application/problem+xml']
  const ranges = [...offered, ...offered, '*/*', 'application/*', 'text/html;level=1', ...problems]
  const range = fc.tuple(fc.constantFrom(...ranges), fc.constantFrom(...QUALITIES))
  const accept = fc
    .array(range, { minLength: 1, maxLength: 3 })
    .map((members) => ({ accept: members.map((member) => member.join('')).join(', ') }))
  const coding = anyOf({
    'accept-encoding': ['gzip', 'br', 'zstd', 'deflate, gzip;q=0.5', '*', 'identity', 'x, *;q=0.1'],
  })
  return fc
    .tuple(fc.oneof(fc.constant({}), accept), coding)
    .map(([first, second]) => ({ ...first, ...second }))
}

export const oddAccept: fc.Arbitrary<Fields> = fc.oneof(
  anyOf({
    accept: ['', ',', '*', 'text', 'image/png', '*/json', 'text/plain;q=2', '*/*;q=0', 'a/b;c="'],
    'accept-encoding': ['', ',', 'identity;q=0', '*;q=0', 'gzip;q=x', 'gzip;q=0, identity;q=0'],
    'accept-charset': ['utf-16', '*;q=0'],
    'accept-language': ['de', '*;q=0'],
  }),
  fc.record({ accept: value }),
)

export const credentials: fc.Arbitrary<Fields> = fc
  .constantFrom(AUTHORIZATION, AUTHORIZATION.replace('Basic ', 'basic  '))
  .map((authorization) => ({ authorization }))

const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`

export const oddCredentials: fc.Arbitrary<Fields> = fc.oneof(
  fc.constant({}),
  fc.constant({ authorization: basic('reader:secret') }),
  fc
    .constantFrom('', 'Basic', 'Bearer', 'Bearer a', 'Basic YQ', basic('admin:wrong'), basic('a'))
    .map((authorization) => ({ authorization })),
  fc.record({ authorization: value }),
)

const EPOCH = 'Thu, 01 Jan 1970 00:00:00 GMT'
const FAR = 'Fri, 31 Dec 9999 23:59:59 GMT'

/** Generates preconditions that are mostly true, and ranges that are mostly valid. */
export function conditionsOf({ methods, schema }: Route): fc.Arbitrary<Fields> {
  const tags = [ETAG, ETAG, `"x", ${ETAG}`, '*']
  if (schema.response[428]) {
    const ofNew: Fields[] = methods.includes('PUT') ? [{}, { 'if-none-match': '*' }] : []
    return fc.constantFrom<Fields>(...tags.map((tag) => ({ 'if-match': tag })), ...ofNew)
  }
  if (schema.response[304]) {
    return anyOf({
      'if-match': tags,
      'if-none-match': [ETAG, `W/${ETAG}`, '"x"', '*'],
      'if-modified-since': [MODIFIED, EPOCH, FAR],
      'if-unmodified-since': [MODIFIED, FAR],
      range: ['bytes=0-0', 'bytes=1-', 'bytes=-2', 'bytes=0-0, 2-3', 'bytes=99999-'],
      'if-range': [ETAG, ETAG, MODIFIED],
    })
  }
  if (!methods.includes('POST')) return fc.constant({})
  return fc.oneof(fc.constant({}), anyOf({ 'idempotency-key': [KEY, `"${KEY}"`, 'used'] }))
}

export const oddConditions: fc.Arbitrary<Fields> = fc.oneof(
  anyOf({
    'if-match': ['', '*', '"x"', `W/${ETAG}`, ETAG.slice(1), `${ETAG} ${ETAG}`, '"é"', '*, *'],
    'if-none-match': ['', '*', ETAG, 'x', '"', '""', `${'"a",'.repeat(1_000)}"a"`],
    'if-modified-since': ['', '0', FAR, EPOCH, '2026-01-01', 'Thu, 32 Jan 1970 00:00:00 GMT'],
    'if-unmodified-since': ['', '0', FAR, EPOCH, MODIFIED],
    range: ['', 'bytes', 'bytes=9-1', `bytes=${'9'.repeat(20)}-`, 'bytes=-0', 'lines=1-2'],
    'if-range': ['', '*', '"x"', `W/${ETAG}`, EPOCH, FAR],
    'idempotency-key': ['', '"', 'a, b', '"a";b', 'x'.repeat(256), 'é'],
  }),
  fc.record({ 'if-match': value }),
  fc.record({ 'if-none-match': value, range: value }),
)

/** Generates header fields that routes do not read. */
export const others: fc.Arbitrary<Fields> = anyOf({
  host: ['127.0.0.1:5000', 'example.com', '[::1]:5000'],
  'user-agent': ['curl/8', ''],
  'x-request-id': ['id-1', 'x'.repeat(128)],
  prefer: ['return=minimal', 'return=representation', 'count=exact', 'count=estimated'],
})

export const oddOthers: fc.Arbitrary<Fields> = fc.oneof(
  anyOf({
    host: ['', 'a b', 'a/b', '<script>', 'a:99999', 'é', 'a,b', 'x'.repeat(1_000)],
    prefer: ['', 'return', 'return="', ';,='],
    'x-request-id': ['', 'a b', 'x'.repeat(129), '"', 'é'],
    expect: ['100-continue', 'x'],
    origin: ['null', 'http://a'],
    'transfer-encoding': ['chunked'],
    upgrade: ['h2c'],
    'x-forwarded-host': ['<b>'],
    'x-http-method-override': ['DELETE'],
  }),
  fc.dictionary(fc.stringMatching(/^[a-z][a-z-]{0,9}$/), value, { maxKeys: 3 }),
)

import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import t from 'tap'
import { compress, isWorthCompressing, selectCoding } from '../../../src/http/content-coding.ts'

const CHOICES: [field: string, coding: string | undefined][] = [
  ['', undefined],
  ['identity', undefined],
  ['gzip', 'gzip'],
  ['GZIP', 'gzip'],
  ['x-gzip', 'gzip'],
  ['br', 'br'],
  ['zstd', 'zstd'],
  ['deflate', undefined],
  ['gzip, deflate, br, zstd', 'zstd'],
  ['gzip, deflate, br', 'gzip'],
  ['br;q=1.0, gzip;q=0.8, *;q=0.1', 'br'],
  ['gzip;q=0.5, zstd;q=0.4', 'gzip'],
  ['gzip;Q=0.5, zstd ; q=0.6', 'zstd'],
  ['*', 'gzip'],
  ['*;q=0.1', 'gzip'],
  ['*, zstd', 'zstd'],
  ['*, zstd;q=0', 'gzip'],
  ['zstd;q=0, *', 'gzip'],
  ['*, gzip;q=0', undefined],
  ['br;q=0.1, *', 'gzip'],
  ['br;q=0.1, *;q=0', 'br'],
  ['gzip;q=.5, zstd;q=.4', 'gzip'],
  ['*;q=0', undefined],
  ['*;q=0, gzip', 'gzip'],
  ['gzip;q=0', undefined],
  ['gzip;q=0.000', undefined],
  ['gzip;q=0.001', 'gzip'],
  ['gzip;q=0, br', 'br'],
  ['identity, gzip', 'gzip'],
  ['identity, gzip;q=0.9', undefined],
  ['identity;q=0.5, gzip;q=0.5', 'gzip'],
  ['identity;q=0.5, *;q=0.4', undefined],
  ['identity;q=0', undefined],
  ['identity;q=0, gzip', 'gzip'],
  ['identity;q=0, *;q=0', undefined],
  ['gzip;q=1.001, br;q=0.1', 'gzip'],
  ['gzip;q=, br;q=nonsense', 'gzip'],
  ['gzip;q=0, gzip', undefined],
  [', ,gzip,', 'gzip'],
  ['gzip br', undefined],
  ['"gzip"', undefined],
]

for (const [field, coding] of CHOICES) {
  t.test(`Accept-Encoding: ${field} selects ${coding}`, async (t) => {
    t.equal(selectCoding(field), coding)
  })
}

const TEXT = 'compressible '.repeat(100)
const DECODERS = { zstd: zstdDecompressSync, gzip: gunzipSync, br: brotliDecompressSync } as const

for (const [coding, decode] of Object.entries(DECODERS)) {
  t.test(`${coding} makes text smaller, and the text can be decoded`, async (t) => {
    for (const content of [TEXT, Buffer.from(TEXT)]) {
      const bytes = await compress(coding as keyof typeof DECODERS, content)
      t.ok(bytes.length < TEXT.length / 2)
      t.equal(decode(bytes).toString(), TEXT)
    }
  })
}

const MEDIA_TYPES: [mediaType: string, gains: boolean][] = [
  ['application/json; charset=utf-8', true],
  ['application/json', true],
  ['Application/JSON', true],
  ['application/problem+json', true],
  ['application/problem+xml; charset=utf-8', true],
  ['application/xml; charset=utf-8', true],
  ['application/javascript', true],
  ['image/svg+xml', true],
  ['text/html; charset=utf-8', true],
  ['text/csv', true],
  ['image/png', false],
  ['application/octet-stream', false],
  ['application/jsonx', false],
  ['application/x+jsonx', false],
  ['image/png; name="a+json"', false],
  ['undefined', false],
]

for (const [mediaType, gains] of MEDIA_TYPES) {
  t.test(`${mediaType} is ${gains ? '' : 'not '}worth compressing`, async (t) => {
    t.equal(isWorthCompressing('x'.repeat(1024), mediaType), gains)
    t.equal(
      isWorthCompressing('x'.repeat(1023), mediaType),
      false,
      `short ${mediaType} is not worth compressing`,
    )
  })
}

t.test('isWorthCompressing() counts bytes, not characters', async (t) => {
  t.ok(isWorthCompressing('é'.repeat(512), 'text/plain'))
  t.notOk(isWorthCompressing(Buffer.alloc(1023), 'text/plain'))
  t.ok(isWorthCompressing(Buffer.alloc(1024), 'text/plain'))
})

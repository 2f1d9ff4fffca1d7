import t from 'tap'
import { contentRange, selectRange } from '../../../src/http/range.ts'

const TAG = '"abc"'
const DATE = 'Thu, 26 Apr 2012 16:40:27 GMT'
const VALIDATORS = { etag: TAG, lastModified: DATE }
const get = (headers: Record<string, string>) => ({ method: 'GET', headers })

const PARTS: [range: string, size: number, first: number, last: number][] = [
  ['bytes=0-0', 10, 0, 0],
  ['bytes=0-4', 10, 0, 4],
  ['bytes=5-9', 10, 5, 9],
  ['bytes=9-9', 10, 9, 9],
  ['bytes=0-9', 10, 0, 9],
  ['bytes=5-', 10, 5, 9],
  ['bytes=0-', 10, 0, 9],
  ['bytes=9-', 10, 9, 9],
  ['bytes=-1', 10, 9, 9],
  ['bytes=-5', 10, 5, 9],
  ['bytes=-10', 10, 0, 9],
  ['bytes=-11', 10, 0, 9],
  ['bytes=5-10', 10, 5, 9],
  ['bytes=5-500', 10, 5, 9],
  ['bytes=0-99999999999999999999', 10, 0, 9],
  [`bytes=0-${'9'.repeat(400)}`, 10, 0, 9],
  [`bytes=-${'9'.repeat(400)}`, 10, 0, 9],
  ['bytes=007-008', 10, 7, 8],
  ['Bytes=0-4', 10, 0, 4],
  ['BYTES=-1', 1, 0, 0],
]

for (const [range, size, first, last] of PARTS) {
  t.test(
    `${range.slice(0, 40)} of ${size} bytes selects the bytes ${first} to ${last}`,
    async (t) => {
      t.strictSame(selectRange(get({ range }), size, VALIDATORS), { first, last })
    },
  )
}

const UNSATISFIABLE: [range: string, size: number][] = [
  ['bytes=10-', 10],
  ['bytes=10-12', 10],
  ['bytes=99999999999999999999-', 10],
  [`bytes=${'9'.repeat(400)}-`, 10],
  ['bytes=-0', 10],
  ['bytes=0-', 0],
  ['bytes=0-0', 0],
  ['bytes=-0', 0],
]

for (const [range, size] of UNSATISFIABLE) {
  t.test(`${range.slice(0, 40)} of ${size} bytes throws 416 with the size`, async (t) => {
    t.throws(() => selectRange(get({ range }), size, VALIDATORS), {
      statusCode: 416,
      message: `the range begins after the end: the representation has ${size} bytes`,
      headers: { 'content-range': `bytes */${size}` },
    })
  })
}

/** Malformed or unsupported ranges. */
const IGNORED = [
  '',
  'bytes',
  'bytes=',
  'bytes=-',
  'bytes=5',
  'bytes=5-4',
  'bytes=12-11',
  'bytes=a-b',
  'bytes=0-4x',
  'bytes=0x0-0x4',
  'bytes=1e0-4',
  'bytes=+1-4',
  'bytes=--5',
  'bytes=1.0-4',
  'bytes=٠-٤',
  'bytes= 0-4',
  'bytes =0-4',
  'bytes=0 - 4',
  'bytes=0-4 ',
  'bytes=0-4\n',
  'bytes=0-1,3-4',
  'bytes=0-4, -1',
  'bytes=,0-4',
  'bytes=0-4,',
  'bytes=0-1, bytes=3-4',
  'items=0-4',
  'xbytes=0-4',
  '0-4',
]

for (const range of IGNORED) {
  t.test(`a Range of ${JSON.stringify(range)} is ignored`, async (t) => {
    t.equal(selectRange(get({ range }), 10, VALIDATORS), undefined)
    t.equal(
      selectRange(get({ range }), 0, VALIDATORS),
      undefined,
      'the Range is also ignored for an empty representation',
    )
  })
}

t.test('the last bytes of an empty representation are all of it', async (t) => {
  for (const range of ['bytes=-1', 'bytes=-5', `bytes=-${'9'.repeat(400)}`])
    t.equal(selectRange(get({ range }), 0, VALIDATORS), undefined, range)
})

t.test('without Range, the whole representation is sent', async (t) => {
  t.equal(selectRange(get({}), 10, VALIDATORS), undefined)
  t.equal(selectRange(get({ 'if-range': TAG }), 10, VALIDATORS), undefined)
})

for (const method of ['HEAD', 'POST', 'get']) {
  t.test(`Range is ignored for ${method}`, async (t) => {
    t.equal(selectRange({ method, headers: { range: 'bytes=0-4' } }, 10, VALIDATORS), undefined)
    t.equal(selectRange({ method, headers: { range: 'bytes=10-' } }, 10, VALIDATORS), undefined)
  })
}

const OTHERS = [
  'Thursday, 26-Apr-12 16:40:27 GMT',
  'Thu, 26 Apr 2012 16:40:28 GMT',
  'W/"abc"',
  '"abcd"',
  '"ab"',
  'abc',
  '*',
  '',
  '"abc", "abc"',
  'Wed, 25 Apr 2012 16:40:27 GMT',
  'Fri, 31 Dec 9999 23:59:59 GMT',
]

for (const field of [TAG, DATE]) {
  t.test(`If-Range with the current ${field} sends the range`, async (t) => {
    const headers = { range: 'bytes=0-4', 'if-range': field }
    t.strictSame(selectRange(get(headers), 10, VALIDATORS), { first: 0, last: 4 })
    t.equal(
      selectRange(get(headers), 10, {}),
      undefined,
      'the range is not sent if the representation has no such validator',
    )
  })
}

t.test('If-Range with a weak ETag sends the whole representation', async (t) => {
  const headers = { range: 'bytes=0-4', 'if-range': 'W/"abc"' }
  t.equal(selectRange(get(headers), 10, { etag: 'W/"abc"' }), undefined)
})

for (const field of OTHERS) {
  t.test(`If-Range: ${field} sends the whole representation`, async (t) => {
    for (const range of ['bytes=0-4', 'bytes=10-']) {
      t.equal(selectRange(get({ range, 'if-range': field }), 10, VALIDATORS), undefined)
    }
  })
}

t.test('contentRange() contains the range and the size', async (t) => {
  t.equal(contentRange({ first: 0, last: 4 }, 10), 'bytes 0-4/10')
})

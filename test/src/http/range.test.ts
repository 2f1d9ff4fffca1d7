import t from 'tap'
import { contentRange, selectRange } from '../../../src/http/range.ts'

const TAG = '"abc"'
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
  t.test(`${range.slice(0, 40)} of ${size} octets is ${first} to ${last}`, async (t) => {
    t.strictSame(selectRange(get({ range }), size, TAG), { first, last })
  })
}

const UNSATISFIABLE: [range: string, size: number][] = [
  ['bytes=10-', 10],
  ['bytes=10-12', 10],
  ['bytes=99999999999999999999-', 10],
  [`bytes=${'9'.repeat(400)}-`, 10],
  ['bytes=-0', 10],
  ['bytes=0-', 0],
  ['bytes=0-0', 0],
  ['bytes=-5', 0],
  ['bytes=-0', 0],
]

for (const [range, size] of UNSATISFIABLE) {
  t.test(`${range.slice(0, 40)} of ${size} octets answers 416 with the length`, async (t) => {
    t.throws(() => selectRange(get({ range }), size, TAG), {
      statusCode: 416,
      message: `this has ${size} octets`,
      headers: { 'content-range': `bytes */${size}` },
    })
  })
}

/** What is no range, or none that is understood. */
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
    t.equal(selectRange(get({ range }), 10, TAG), undefined)
    t.equal(selectRange(get({ range }), 0, TAG), undefined, 'of nothing too')
  })
}

t.test('without Range the whole is meant', async (t) => {
  t.equal(selectRange(get({}), 10, TAG), undefined)
  t.equal(selectRange(get({ 'if-range': TAG }), 10, TAG), undefined)
})

for (const method of ['HEAD', 'POST', 'get']) {
  t.test(`${method} has no part`, async (t) => {
    t.equal(selectRange({ method, headers: { range: 'bytes=0-4' } }, 10, TAG), undefined)
    t.equal(selectRange({ method, headers: { range: 'bytes=10-' } }, 10, TAG), undefined)
  })
}

const OTHERS = [
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

t.test('If-Range with the very tag lets the part be sent', async (t) => {
  const headers = { range: 'bytes=0-4', 'if-range': TAG }
  t.strictSame(selectRange(get(headers), 10, TAG), { first: 0, last: 4 })
})

for (const field of OTHERS) {
  t.test(`If-Range: ${field} has the whole sent`, async (t) => {
    for (const range of ['bytes=0-4', 'bytes=10-']) {
      t.equal(selectRange(get({ range, 'if-range': field }), 10, TAG), undefined)
    }
  })
}

t.test('contentRange tells the octets, and of how many', async (t) => {
  t.equal(contentRange({ first: 0, last: 4 }, 10), 'bytes 0-4/10')
})

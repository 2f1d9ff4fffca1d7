import t from 'tap'
import {
  checkPreconditions,
  checkWrite,
  isNotModified,
  isUnchanged,
  lastModified,
} from '../../../src/http/preconditions.ts'

/** Returns the status of the error that a check throws, or 0 if the check does not throw. */
function refusalOf(check: () => void): unknown {
  try {
    check()
    return 0
  } catch (error) {
    return Reflect.get(Object(error), 'statusCode')
  }
}

const READS: [field: string | undefined, notModified: boolean][] = [
  [undefined, false],
  ['*', true],
  [' * ', true],
  ['"3-json"', true],
  ['W/"3-json"', true],
  ['"1-json", "3-json"', true],
  ['"1-json","3-json"', true],
  ['"a,b", "3-json"', true],
  ['"3-xml"', false],
  ['"33-json"', false],
  ['""', false],
]

for (const [field, expected] of READS) {
  t.test(
    `a read with If-None-Match: ${field} ${expected ? 'gets' : 'does not get'} 304`,
    async (t) => {
      t.equal(isNotModified({ 'if-none-match': field }, { etag: '"3-json"' }), expected)
    },
  )
}

const WRITES: [
  match: string | undefined,
  noneMatch: string | undefined,
  there: number,
  gone: number,
][] = [
  // The statuses are for a resource with version 3, and for a missing resource. 0 means that the write is allowed.
  [undefined, undefined, 428, 0],
  ['"3-json"', undefined, 0, 412],
  ['"3-xml"', undefined, 0, 412],
  ['"1-json", "3-json"', undefined, 0, 412],
  ['*', undefined, 0, 412],
  ['W/"3-json"', undefined, 412, 412],
  ['"2-json"', undefined, 412, 412],
  ['"33-json"', undefined, 412, 412],
  ['"3"', undefined, 0, 412],
  [undefined, '"3"', 412, 0],
  ['W/"3"', undefined, 412, 412],
  ['"33"', undefined, 412, 412],
  ['"3."', undefined, 412, 412],
  ['"3.abcd"', undefined, 412, 412],
  ['"3-json-json"', undefined, 412, 412],
  ['"-json"', undefined, 412, 412],
  ['"json"', undefined, 412, 412],
  [undefined, '*', 412, 0],
  [undefined, '"3-json"', 412, 0],
  [undefined, 'W/"3-json"', 412, 0],
  [undefined, '"2-json"', 428, 0],
  ['"3-json"', '*', 412, 412],
  ['"3-json"', '"2-json"', 0, 412],
  ['', undefined, 428, 0], // an empty list counts as absent (RFC 9110 §5.6.1)
  ['3-json', undefined, 400, 400],
  ['"3-json', undefined, 400, 400],
  ['"3-json" junk', undefined, 400, 400],
  ['*, "3-json"', undefined, 400, 400],
  ['w/"3-json"', undefined, 400, 400],
  ['"3-json""x"', undefined, 400, 400],
  ['"x" "3-json"', undefined, 400, 400],
  ['"3-zzz"', undefined, 412, 412],
  ['"3-"', undefined, 412, 412],
  [',"3-json" , ', undefined, 0, 412],
  ['"3 json"', undefined, 400, 400],
  [undefined, 'nonsense', 400, 400],
]

for (const [match, noneMatch, there, gone] of WRITES) {
  const headers = { 'if-match': match, 'if-none-match': noneMatch }
  for (const [version, status] of [['3', there] as const, [undefined, gone] as const]) {
    t.test(
      `a write with If-Match: ${match} and If-None-Match: ${noneMatch} on version ${version} gets ${status}`,
      async (t) => {
        t.equal(
          refusalOf(() => checkWrite(headers, version)),
          status,
        )
      },
    )
  }
}

t.test('the 412 of a write states whether the resource exists', async (t) => {
  const check = (version?: string) => () => checkWrite({ 'if-match': '"2"' }, version)
  t.throws(check('3'), { message: 'If-Match: the resource has changed, and so has its ETag' })
  t.throws(check(), { message: 'If-Match: the resource does not exist' })
  t.throws(() => checkPreconditions({ 'if-match': '"2"' }, {}), {
    message: 'If-Match: the resource has no ETag',
  })
})

t.test('the 412 for a weak tag of the current version says how to get a strong tag', async (t) => {
  const message =
    /^If-Match: the tag is weak .* a proxy .* read the resource with Accept-Encoding: identity/
  const headers = { 'if-match': '"1-json", W/"3-json"' }
  t.throws(() => checkWrite(headers, '3'), { message })
  t.throws(() => isNotModified(headers, { etag: '"3-json"' }), { message })
  t.throws(() => checkWrite(headers, '4'), { message: /has changed/ })
  t.throws(() => isNotModified(headers, { etag: '"4-json"' }), { message: /does not match/ })
})

const IF_MATCH: [field: string, fits: boolean][] = [
  ['"3-json"', true],
  ['*', true],
  ['"1-json", "3-json"', true],
  ['W/"3-json"', false],
  ['"3-xml"', false],
]

for (const [field, fits] of IF_MATCH) {
  t.test(`a read with If-Match: ${field} ${fits ? 'is allowed' : 'gets 412'}`, async (t) => {
    const status = refusalOf(() => isNotModified({ 'if-match': field }, { etag: '"3-json"' }))
    t.equal(status, fits ? 0 : 412)
  })
}

const BEFORE = 'Wed, 25 Apr 2012 16:40:26 GMT'
const DATE = 'Wed, 25 Apr 2012 16:40:27 GMT'
const AFTER = 'Wed, 25 Apr 2012 16:40:28 GMT'
const CURRENT = { etag: '"3"', lastModified: DATE }

const PRECEDENCE: [fields: Record<string, string>, status: number][] = [
  [{ 'if-modified-since': BEFORE }, 200],
  [{ 'if-modified-since': DATE }, 304],
  [{ 'if-modified-since': AFTER }, 304],
  [{ 'if-modified-since': 'Wednesday, 25-Apr-12 16:40:27 GMT' }, 304],
  [{ 'if-modified-since': 'Wed Apr 25 16:40:27 2012' }, 304],
  [{ 'if-modified-since': 'Thu, 25 Apr 2012 16:40:27 GMT' }, 200],
  [{ 'if-modified-since': '2012-04-25T16:40:27Z' }, 200],
  [{ 'if-modified-since': `${DATE}, ${DATE}` }, 200],
  [{ 'if-unmodified-since': BEFORE }, 412],
  [{ 'if-unmodified-since': DATE }, 200],
  [{ 'if-unmodified-since': AFTER }, 200],
  [{ 'if-unmodified-since': 'long ago' }, 200],
  [{ 'if-none-match': '"2"', 'if-modified-since': DATE }, 200],
  [{ 'if-none-match': '"3"', 'if-modified-since': BEFORE }, 304],
  [{ 'if-match': '"3"', 'if-unmodified-since': BEFORE }, 200],
  [{ 'if-match': '"2"', 'if-unmodified-since': DATE }, 412],
  [{ 'if-match': '"2"', 'if-none-match': '"3"' }, 412],
  [{ 'if-match': '"3"', 'if-none-match': '"3"' }, 304],
  [{ 'if-unmodified-since': BEFORE, 'if-none-match': '"3"' }, 412],
  [{ 'if-unmodified-since': BEFORE, 'if-modified-since': DATE }, 412],
  [{ 'if-match': '*', 'if-modified-since': DATE }, 304],
]

for (const [headers, status] of PRECEDENCE) {
  t.test(`a read with ${JSON.stringify(headers)} gets ${status}`, async (t) => {
    const found = () => {
      if (isNotModified(headers, CURRENT)) throw { statusCode: 304 }
    }
    t.equal(refusalOf(found) || 200, status)
  })
}

t.test('without a known date or ETag, preconditions fail or are ignored', async (t) => {
  for (const name of ['if-modified-since', 'if-unmodified-since']) {
    for (const field of [BEFORE, DATE, AFTER])
      t.notOk(isNotModified({ [name]: field }, { etag: '"3"' }))
    t.notOk(isNotModified({ [name]: DATE }, { lastModified: 'now' }))
  }
  const dated = { lastModified: DATE }
  t.equal(
    refusalOf(() => isNotModified({ 'if-match': '"3"' }, dated)),
    412,
  )
  t.equal(
    refusalOf(() => isNotModified({ 'if-match': '*' }, dated)),
    0,
  )
  t.notOk(isNotModified({ 'if-none-match': '""' }, dated))
  t.ok(isNotModified({ 'if-none-match': '*' }, dated))
})

t.test('a weak ETag matches If-None-Match, not If-Match', async (t) => {
  const weak = { etag: 'W/"3"' }
  for (const field of ['"3"', 'W/"3"']) {
    t.ok(isNotModified({ 'if-none-match': field }, weak))
    t.equal(
      refusalOf(() => isNotModified({ 'if-match': field }, weak)),
      412,
    )
  }
})

t.test('lastModified() returns no date until the second of the modification is over', async (t) => {
  const modifiedAt = '2012-04-25T16:40:27.100Z'
  const second = Date.parse(DATE)
  for (const [now, date] of [
    [second + 99, undefined],
    [second + 999, undefined],
    [second - 5000, undefined],
    [second + 1000, DATE],
    [second + 5000, DATE],
  ] as const) {
    t.equal(lastModified(modifiedAt, now), date)
  }
  t.equal(lastModified(modifiedAt), DATE)
})

const DATED_WRITES: [fields: Record<string, string>, there: number, gone: number][] = [
  [{ 'if-unmodified-since': BEFORE }, 412, 0],
  [{ 'if-unmodified-since': DATE }, 428, 0],
  [{ 'if-unmodified-since': AFTER }, 428, 0],
  [{ 'if-unmodified-since': 'long ago' }, 428, 0],
  [{ 'if-unmodified-since': BEFORE, 'if-match': '"3"' }, 0, 412],
  [{ 'if-unmodified-since': DATE, 'if-match': '"2"' }, 412, 412],
  [{ 'if-unmodified-since': DATE, 'if-none-match': '*' }, 412, 0],
  [{ 'if-modified-since': DATE }, 428, 0],
  [{ 'if-modified-since': DATE, 'if-match': '"3"' }, 0, 412],
]

for (const [headers, there, gone] of DATED_WRITES) {
  t.test(
    `a write with ${JSON.stringify(headers)} gets ${there}, or ${gone} if the resource does not exist`,
    async (t) => {
      t.equal(
        refusalOf(() => checkWrite(headers, '3', '2012-04-25T16:40:27.900Z')),
        there,
      )
      t.equal(
        refusalOf(() => checkWrite(headers, undefined)),
        gone,
      )
    },
  )
}

const VERSIONS: [tag: string, fits: boolean][] = [
  ['3.abcd', true],
  ['3.abcd-json', true],
  ['3.abcd-plain', true],
  ['3.abcd-json-gzip', true],
  ['3.abcd-xml-zstd', true],
  ['3.abcd-html-br', true],
  ['3.abcd-gzip', true],
  ['3.abcd-gzip-json', false],
  ['3.abcd-json-gzip-gzip', false],
  ['3.abcd-json-deflate', false],
  ['3.abc-json-gzip', false],
  ['3.abc', false],
  ['3.abcde', false],
  ['3', false],
  ['3-json', false],
  ['abcd', false],
  ['3xabcd', false],
  ['3.ABCD', false],
  ['3.abcd-', false],
  ['3.abcd-JSON', false],
]

for (const [tag, fits] of VERSIONS) {
  t.test(`"${tag}" ${fits ? 'matches' : 'does not match'} the version 3.abcd`, async (t) => {
    const status = refusalOf(() => checkWrite({ 'if-match': `"${tag}"` }, '3.abcd'))
    t.equal(status, fits ? 0 : 412)
  })
}

const SIZE = { width: 1, height: 0 }
const NOTE = { id: 1, createdAt: '2027-01-31', title: 'A', tags: ['x', 'y'], size: SIZE }

const UNCHANGED: [title: string, current: object, fields: object, unchanged: boolean][] = [
  ['equal members', {}, {}, true],
  ['another value', {}, { title: 'B' }, false],
  ['a value of another type', { title: '1' }, { title: 1 }, false],
  ['an added member', {}, { subtitle: 'A' }, false],
  ['an added member with the name of an inherited one', {}, { toString: 'A' }, false],
  ['a removed member', { subtitle: 'A' }, {}, false],
  ['a removed member with the name of an inherited one', { toString: 'A' }, {}, false],
  ['null instead of a value', { subtitle: 'A' }, { subtitle: null }, false],
  ['a value instead of null', { subtitle: null }, { subtitle: 'A' }, false],
  ['null instead of a missing member', {}, { subtitle: null }, true],
  ['a missing member instead of null', { subtitle: null }, {}, true],
  ['undefined instead of a missing member', {}, { subtitle: undefined }, true],
  ['an empty text instead of a missing member', {}, { subtitle: '' }, false],
  ['-0 instead of 0', {}, { size: { width: 1, height: -0 } }, true],
  ['an array in another order', {}, { tags: ['y', 'x'] }, false],
  ['a shorter array', {}, { tags: ['x'] }, false],
  ['an object in another order', {}, { size: { height: 0, width: 1 } }, true],
  ['another value in an object', {}, { size: { ...SIZE, width: 2 } }, false],
  ['a removed member in an object', {}, { size: { width: 1 } }, false],
  ['null instead of a missing member in an object', {}, { size: { ...SIZE, depth: null } }, false],
]

for (const [title, current, fields, unchanged] of UNCHANGED) {
  t.test(`isUnchanged() returns ${unchanged} for ${title}`, async (t) => {
    const { id, createdAt, ...writable } = NOTE
    const next: object = { ...writable, ...fields }
    t.equal(isUnchanged({ ...NOTE, ...current }, next, ['id', 'createdAt']), unchanged)
  })
}

import t from 'tap'
import { checkWrite, entityTag, isNotModified } from '../../../src/http/preconditions.ts'

t.test('entityTag differs by version and by syntax', async (t) => {
  t.equal(entityTag('3', 'application/json; charset=utf-8'), '"3-json"')
  t.equal(entityTag('3', 'application/xml; charset=utf-8'), '"3-xml"')
  t.equal(entityTag('4', 'text/plain; charset=utf-8'), '"4-plain"')
  t.equal(entityTag('4', 'application/vnd.example.v2+json'), '"4-json"')
  t.equal(entityTag('4', ''), '"4-undefined"')
  t.equal(entityTag('4'), '"4"', 'and is the version alone where there is one syntax')
})

/** The status that a check refuses with; 0 where it does not. */
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
  t.test(`If-None-Match: ${field} is ${expected ? '' : 'not '}a reason for 304`, async (t) => {
    t.equal(isNotModified({ 'if-none-match': field }, '"3-json"'), expected)
  })
}

const WRITES: [
  match: string | undefined,
  noneMatch: string | undefined,
  there: number,
  gone: number,
][] = [
  // the status where the resource has version 3, and where there is none; 0 lets the write go on
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
  ['', undefined, 400, 400],
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
      `If-Match: ${match}, If-None-Match: ${noneMatch} on ${version}: ${status}`,
      async (t) => {
        t.equal(
          refusalOf(() => checkWrite(headers, version)),
          status,
        )
      },
    )
  }
}

const IF_MATCH: [field: string, fits: boolean][] = [
  ['"3-json"', true],
  ['*', true],
  ['"1-json", "3-json"', true],
  ['W/"3-json"', false],
  ['"3-xml"', false],
]

for (const [field, fits] of IF_MATCH) {
  t.test(
    `a read with If-Match: ${field} is ${fits ? 'answered' : 'refused with 412'}`,
    async (t) => {
      const status = refusalOf(() => isNotModified({ 'if-match': field }, '"3-json"'))
      t.equal(status, fits ? 0 : 412)
    },
  )
}

const VERSIONS: [tag: string, fits: boolean][] = [
  ['3.abcd', true],
  ['3.abcd-json', true],
  ['3.abcd-plain', true],
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
  t.test(`a write with "${tag}" ${fits ? 'is' : 'is not'} of the version 3.abcd`, async (t) => {
    const status = refusalOf(() => checkWrite({ 'if-match': `"${tag}"` }, '3.abcd'))
    t.equal(status, fits ? 0 : 412)
  })
}

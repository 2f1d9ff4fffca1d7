import t from 'tap'
import { isMediaType, parameters, parseEssence, split } from '../../../src/http/field.ts'

const MEMBERS: [value: string, delimiter: ',' | ';', members: string[]][] = [
  ['', ',', []],
  [' ', ',', []],
  [',, ,', ',', []],
  ['a', ',', ['a']],
  ['a,b', ',', ['a', 'b']],
  [' a ,\tb\t, ', ',', ['a', 'b']],
  ['a;b,c', ';', ['a', 'b,c']],
  ['a;b,c', ',', ['a;b', 'c']],
  ['a="b,c",d', ',', ['a="b,c"', 'd']],
  ['a="b;c" ;d', ';', ['a="b;c"', 'd']],
  ['a="\\",",b', ',', ['a="\\","', 'b']],
  ['a="\\\\",b', ',', ['a="\\\\"', 'b']],
  ['a\\,b', ',', ['a\\', 'b']],
  ['a="b,c', ',', ['a="b,c']],
  ['a,b="c\\', ',', ['a', 'b="c\\']],
  ['a,"\\', ',', ['a', '"\\']],
  ['a;b="c\\";d', ';', ['a', 'b="c\\";d']],
]

for (const [value, delimiter, members] of MEMBERS) {
  t.test(`split() splits ${JSON.stringify(value)} at ${delimiter}`, async (t) => {
    t.strictSame(split(value, delimiter), members)
  })
}

const PARAMETERS: [members: string[], expected: Record<string, string>][] = [
  [[], {}],
  [['charset=utf-8'], { charset: 'utf-8' }],
  [['CharSet=UTF-8'], { charset: 'UTF-8' }],
  [['a="b c"'], { a: 'b c' }],
  [['a="b\\"c\\\\d"'], { a: 'b"c\\d' }],
  [['a="b'], { a: '"b' }],
  [['a=b"'], { a: 'b"' }],
  [['a="'], { a: '' }],
  [['a'], { a: '' }],
  [['a='], { a: '' }],
  [['a=b=c'], { a: 'b=c' }],
  [['q=1', 'Q=0'], { q: '1' }],
]

for (const [members, expected] of PARAMETERS) {
  t.test(`parameters() parses ${JSON.stringify(members)}`, async (t) => {
    t.strictSame(Object.fromEntries(parameters(members)), expected)
  })
}

const ESSENCES: [text: string, expected: { type: string; subtype: string } | undefined][] = [
  ['text/plain', { type: 'text', subtype: 'plain' }],
  ['Text/PLAIN', { type: 'text', subtype: 'plain' }],
  ['*/*', { type: '*', subtype: '*' }],
  ['application/vnd.example.v2+json', { type: 'application', subtype: 'vnd.example.v2+json' }],
  ["!#$%&'*+-.^_`|~/x", { type: "!#$%&'*+-.^_`|~", subtype: 'x' }],
  ["x/!#$%&'*+-.^_`|~", { type: 'x', subtype: "!#$%&'*+-.^_`|~" }],
  ['', undefined],
  ['text', undefined],
  ['text/', undefined],
  ['/plain', undefined],
  ['text/plain/x', undefined],
  [' text/plain', undefined],
  ['text /plain', undefined],
  ['text/plain\n', undefined],
  ['text/plain;q=1', undefined],
  ['text/"plain"', undefined],
  ['text/plä', undefined],
]

for (const [text, expected] of ESSENCES) {
  const outcome = expected ? 'parses' : 'returns undefined for'
  t.test(`parseEssence() ${outcome} ${JSON.stringify(text)}`, async (t) => {
    t.strictSame(parseEssence(text), expected)
  })
}

const VALID = [
  'text/plain',
  'Text/PLAIN ; Charset="utf-8";format=flowed',
  'text/plain;',
  'text/plain;; ;a=b',
  '\ttext/plain\t;\ta=b\t',
  'text/plain;a="b;a=c, text/html \\" \t"',
  'multipart/form-data; boundary=----=_Part_1',
  "multipart/form-data;Boundary=a'(b)+c./:=?d",
]
const INVALID = [
  '',
  ';',
  'text',
  'text/plain, text/html',
  'text/plain;a=b, text/html',
  'text/plain,',
  'text/plain;a=b,',
  'text/plain junk',
  'text/plain;junk',
  'text/plain;a=b junk',
  'text/plain;a =b',
  'text/plain;a= b',
  'text/plain;a=',
  'text/plain;=b',
  'text/plain;a="b',
  'text/plain;a="b\\"',
  'text/plain;a="b"c',
  'text/plain;a=b;A=c',
  'text/plain;a=b;a=b',
  'text/plain\u00a0',
  '\u00a0text/plain',
  'text/plain;a="\u00e9"',
  'text/plain\ufeff',
  'text/plain;a=b=c',
  'multipart/form-data;boundary=a,b',
  'multipart/form-data;boundary=a b',
  'multipart/form-data;boundary=a=b;boundary=c',
]

for (const text of VALID) {
  t.test(`isMediaType() returns true for ${JSON.stringify(text)}`, async (t) => {
    t.equal(isMediaType(text), true)
  })
}

for (const text of INVALID) {
  t.test(`isMediaType() returns false for ${JSON.stringify(text)}`, async (t) => {
    t.equal(isMediaType(text), false)
  })
}

t.test(
  'isMediaType() takes less than a second for hostile input of 20,000 characters',
  async (t) => {
    const slow = ['a="', 'a="\\', ';', '; \t', 'a=b;'].map((piece) => piece.repeat(4_000))
    const start = performance.now()
    for (const text of slow) t.equal(isMediaType(`text/plain;${text}`), /^[; \t]*$/.test(text))
    t.ok(performance.now() - start < 1_000)
  },
)

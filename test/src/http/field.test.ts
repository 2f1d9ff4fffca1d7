import t from 'tap'
import { parameters, parseEssence, split } from '../../../src/http/field.ts'

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
  t.test(`split takes ${JSON.stringify(value)} apart at ${delimiter}`, async (t) => {
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
  t.test(`parameters reads ${JSON.stringify(members)}`, async (t) => {
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
  const outcome = expected ? 'reads' : 'refuses'
  t.test(`parseEssence ${outcome} ${JSON.stringify(text)}`, async (t) => {
    t.strictSame(parseEssence(text), expected)
  })
}

import t from 'tap'
import { isPercentEncoded, parseForm } from '../../../src/http/form.ts'

const ENCODED: [text: string, isEncoded: boolean][] = [
  ['', true],
  ['plain', true],
  ['é', true],
  ['%41', true],
  ['%c3%a9', true],
  ['%F0%9F%98%80', true],
  ['%00', true],
  ['%', false],
  ['100%', false],
  ['%4', false],
  ['%zz', false],
  ['%u00e9', false],
  ['%E9', false],
  ['%C3', false],
  ['%C3x%A9', false],
  ['%C0%80', false],
  ['%ED%A0%80', false],
  ['%F5%80%80%80', false],
]

for (const [text, isEncoded] of ENCODED) {
  t.test(`isPercentEncoded() returns ${isEncoded} for ${JSON.stringify(text)}`, async (t) => {
    t.equal(isPercentEncoded(text), isEncoded)
  })
}

const FORMS: { title: string; text: string; values: [string, string | string[]][] }[] = [
  { title: 'returns no values for an empty form', text: '', values: [] },
  { title: 'reads a value', text: 'a=1', values: [['a', '1']] },
  {
    title: 'reads a repeated name as a list',
    text: 'a=1&b=2&a=3',
    values: [
      ['a', ['1', '3']],
      ['b', '2'],
    ],
  },
  { title: 'reads + as a space', text: 'a+b=c+d', values: [['a b', 'c d']] },
  { title: 'reads an encoded + as itself', text: 'a=%2B', values: [['a', '+']] },
  { title: 'decodes names and values', text: '%C3%A9=%26%3D', values: [['é', '&=']] },
  {
    title: 'reads a missing value as empty',
    text: 'a&b=',
    values: [
      ['a', ''],
      ['b', ''],
    ],
  },
  { title: 'keeps a second = in the value', text: 'a=b=c', values: [['a', 'b=c']] },
  { title: 'skips empty members', text: '&&a=1&', values: [['a', '1']] },
  {
    title: 'treats __proto__ like any other name',
    text: '__proto__=1',
    values: [['__proto__', '1']],
  },
]

for (const { title, text, values } of FORMS) {
  t.test(`parseForm() ${title}`, async (t) => {
    t.strictSame(Object.entries(parseForm(text)), values)
  })
}

t.test('parseForm() reads every member of a long form', async (t) => {
  const text = Array.from({ length: 5_000 }, (_, index) => `n${index}=${index}`).join('&')
  t.equal(Object.keys(parseForm(text)).length, 5_000)
})

t.test('parseForm() throws 413 for too many fields', async (t) => {
  t.strictSame(Object.keys(parseForm('a&b&a', { maxValues: 3 })), ['a', 'b'])
  const message = 'the body has more than 2 form fields'
  t.throws(() => parseForm('a&b&a', { maxValues: 2 }), { statusCode: 413, message })
})

for (const text of ['a=%', 'a=%4', '%E9=1', 'a=%C3&b=%A9']) {
  t.test(`parseForm() throws 400 for ${text}`, async (t) => {
    t.throws(() => parseForm(text), {
      statusCode: 400,
      message: 'the form is not valid percent-encoded UTF-8',
    })
  })
}

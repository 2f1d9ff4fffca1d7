import t from 'tap'
import { formatJson, parseExactly, parseJson } from '../../../src/http/json.ts'

/** Valid and almost valid JSON. The tests compare the parser with `JSON.parse`. */
const TEXTS = [
  '',
  ' ',
  'null',
  'TRUE',
  'truefalse',
  'undefined',
  'NaN',
  'Infinity',
  '0',
  '-0',
  '-',
  '+1',
  '01',
  '-01',
  '1.',
  '.5',
  '1.5e+10',
  '1e',
  '1E-5',
  '0x10',
  '1_000',
  '10n',
  '1 2',
  '"a"',
  "'a'",
  '"a',
  '"\\"',
  '"\\/\\b\\f\\n\\r\\t\\u00e9"',
  '"\\x41"',
  '"\\u00zz"',
  '"\\u12"',
  '"\\ud800"',
  '"a\tb"',
  '"a\nb"',
  '"\u0000"',
  '"\u007f\u2028"',
  '\ufeff1',
  '\u00a01',
  '\u2028[]',
  '\u000b1',
  '\f1',
  '1\u0000',
  '\t\r\n [ ] ',
  '[1,]',
  '[,1]',
  '[1,,2]',
  '[1 2]',
  '[1',
  '1]',
  '[1}',
  '{"a":{"a":[{"a":1}]}}',
  '{"":1}',
  '{"a"}',
  '{"a":}',
  '{"a":1,}',
  '{,}',
  '{a:1}',
  '{1:1}',
  '{"a" 1}',
  '{"a":1 "b":2}',
  '{"a":1;"b":2}',
  '{"a":1}}',
  '{}{}',
  '// c\n1',
  '/* c */1',
  '1 // c',
  '#1',
]

/** Returns the text in ASCII, because a line separator would split the test title. */
function printable(text: string): string {
  return JSON.stringify(text).replace(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function outcomeOf(parse: (text: string) => unknown, text: string): unknown {
  try {
    return { value: parse(text) }
  } catch {
    return 'refused'
  }
}

for (const text of TEXTS) {
  const expected = outcomeOf(JSON.parse, text)
  t.test(`parseJson() agrees with JSON.parse about ${printable(text)}`, async (t) => {
    t.strictSame(outcomeOf(parseJson, text), expected)
    if (expected === 'refused') {
      t.throws(
        () => parseJson(text),
        {
          statusCode: 400,
          message: /^the JSON body is malformed: [a-z ]+ \(line \d+, column \d+\)$/,
        },
        'the error has the position',
      )
    }
  })
}

const REFUSED: { title: string; text: string; reason: string }[] = [
  {
    title: 'a repeated name',
    text: '{"a":1,"b":2,"a":3}',
    reason: 'has two members named "a" (line 1, column 14)',
  },
  {
    title: 'a name repeated with escapes',
    text: '[\n  {"a":1,\n   "\\u0061":2}\n]',
    reason: 'has two members named "a" (line 3, column 4)',
  },
  {
    title: 'a repeated name after a nested object',
    text: '{"a":{"b":1},"a":{}}',
    reason: 'has two members named "a" (line 1, column 14)',
  },
  {
    title: 'a repeated name, escaped in the message',
    text: '{"\\"\\n":1,"\\"\\n":2}',
    reason: 'has two members named "\\"\\n" (line 1, column 11)',
  },
  {
    title: '__proto__',
    text: '{"__proto__":{"isAdmin":true}}',
    reason: 'has a member named __proto__ (line 1, column 2)',
  },
  {
    title: 'a nested __proto__ with escapes',
    text: '[{"a":[{"\\u005f_proto__":1}]}]',
    reason: 'has a member named __proto__ (line 1, column 9)',
  },
  {
    title: 'a number that overflows',
    text: '{"a":[0,1e308, -1e400]}',
    reason:
      'has a number at /a/2 that must be from -1.8e308 to 1.8e308, or a string (line 1, column 16)',
  },
  {
    title: 'an unknown symbol',
    text: '{\r\n  "a": nil\r\n}',
    reason: 'is malformed: invalid symbol (line 2, column 8)',
  },
  {
    title: 'a comma before a closing bracket',
    text: '[1,\n 2,\n]',
    reason: 'is malformed: value expected (line 3, column 1)',
  },
]

for (const { title, text, reason } of REFUSED) {
  t.test(`parseJson() throws 400 for ${title}`, async (t) => {
    t.throws(() => parseJson(text), { statusCode: 400, message: `the JSON body ${reason}` })
  })
}

/** Numbers as text; `pointer` is undefined if a double holds the number. */
const NUMBERS: [text: string, pointer?: string][] = [
  ['9007199254740991'],
  ['-9007199254740991'],
  ['9007199254740991.0'],
  ['[0, -0, 0.0, 0e5, -0.0E-9, 0.5, 1e-5]'],
  ['[1.7976931348623157e308, 5e-324]'],
  ['{"avogadro":6.02214076e23,"third":0.3333333333333333333333333333}'],
  ['"12345678901234567890"'],
  ['9007199254740992', ''],
  ['-9007199254740992', ''],
  ['12345678901234567890.5', ''],
  ['{"a":{"b/c~":[1,9007199254740993]}}', '/a/b~1c~0/1'],
  ['{"id":1,"parent":1234567890123456789}', '/parent'],
  ['[[], [1e309]]', '/1/0'],
  ['[-1e309]', '/0'],
  ['[1e-400]', '/0'],
  ['[-0.5E-999]', '/0'],
]

for (const [text, pointer] of NUMBERS) {
  t.test(`parseJson() ${pointer === undefined ? 'allows' : 'refuses'} ${text}`, async (t) => {
    if (pointer === undefined) return void t.strictSame(parseJson(text), JSON.parse(text))
    const place = pointer && ` at ${pointer}`
    t.match(
      t.throws(() => parseJson(text)),
      {
        statusCode: 400,
        message: `has a number${place} that must be `,
        violations: [{ in: 'body', pointer, message: /^must be (from -|0)/ }],
      },
    )
    t.strictSame(
      parseJson(text, { keepsBytes: true }),
      JSON.parse(text),
      'it is allowed if the text is stored',
    )
  })
}

t.test('parseExactly() keeps the digits of numbers', async (t) => {
  const text = '{"a": [12345678901234567890, 1.0, 1e400, -0], "b": "1.0"}'
  t.equal(formatJson(parseExactly(text)), text)
})

t.test('parseJson() allows the same name in different objects', async (t) => {
  const value = [{ a: 1 }, { a: { a: 2 } }, { b: { a: 3 }, a: 4 }]
  t.strictSame(parseJson(JSON.stringify(value)), value)
  t.strictSame(parseJson('{"constructor":1,"toString":2}'), { constructor: 1, toString: 2 })
})

for (const [title, open, close] of [
  ['arrays', '[', ']'],
  ['objects', '{"a":', '}'],
] as const) {
  const nest = (depth: number) => `${open.repeat(depth)}[]${close.repeat(depth)}`
  t.test(
    `parseJson() allows ${title} nested 32 levels deep, and throws 400 for more levels`,
    async (t) => {
      const tooDeep = {
        statusCode: 400,
        message: /^the JSON body is nested more than 32 levels deep \(/,
      }
      t.doesNotThrow(() => parseJson(nest(31)), '32 levels')
      t.throws(() => parseJson(nest(32)), tooDeep, '33 levels')
      t.throws(() => parseJson(nest(200_000)), tooDeep, 'deep nesting does not overflow the stack')
      t.throws(() => parseJson(open.repeat(200_000)), tooDeep, 'unclosed nesting is also refused')
    },
  )
}

for (const text of ['[1,"2",null]', '{"a":{"b":[[]]}}', '[[],{},true]']) {
  t.test(`parseJson() counts the values of ${text}`, async (t) => {
    t.strictSame(parseJson(text, { maxValues: 4 }), JSON.parse(text))
    const message = 'the body has more than 3 JSON values'
    t.throws(() => parseJson(text, { maxValues: 3 }), { statusCode: 413, message })
  })
}

const FORMATTED: [value: unknown, text: string][] = [
  [null, 'null'],
  [1.5, '1.5'],
  ['a', '"a"'],
  [[], '[]'],
  [{}, '{}'],
  [[1, [2, {}]], '[1, [2, {}]]'],
  [{ a: 1, b: { c: [true, null] } }, '{"a": 1, "b": {"c": [true, null]}}'],
  ['a,\n b', '"a,\\n b"'],
  [{ 'a:\n': ',\r\n' }, '{"a:\\n": ",\\r\\n"}'],
]

for (const [value, text] of FORMATTED) {
  t.test(`formatJson() writes ${text} like Python`, async (t) => {
    t.equal(formatJson(value), text)
    t.strictSame(JSON.parse(text), value, 'the text is valid JSON')
  })
}

t.test('parseJson() cuts long names in its errors', async (t) => {
  const name = 'a'.repeat(2_000)
  t.throws(() => parseJson(`{"${name}":0,"${name}":0}`), {
    message: `the JSON body has two members named "${'a'.repeat(1_000)}…" (line 1, column 2007)`,
  })
  const pointer = `/${'a'.repeat(999)}…`
  t.throws(() => parseJson(`{"${name}":1e999}`), {
    message: `has a number at ${pointer} that must be from`,
    violations: [{ in: 'body', pointer }],
  })
})

import t from 'tap'
import { type TSchema, Type } from 'typebox'
import { compileValidator, ValidationError, type Violation } from '../../../src/http/validation.ts'

const CONVERTED: [schema: TSchema, text: string, value: unknown][] = [
  [Type.Integer(), '0', 0],
  [Type.Integer(), '-12', -12],
  [Type.Integer(), '9007199254740991', Number.MAX_SAFE_INTEGER],
  [Type.Integer(), '-9007199254740991', Number.MIN_SAFE_INTEGER],
  [Type.Number(), '1', 1],
  [Type.Number(), '-1.50', -1.5],
  [Type.Number(), '0', 0],
  [Type.Number(), '-3', -3],
  [Type.Number(), '0.1', 0.1],
  [Type.Number(), '0.5', 0.5],
  [Type.Number(), '-0.5', -0.5],
  [Type.Number(), '9007199254740991', Number.MAX_SAFE_INTEGER],
  [Type.Boolean(), 'true', true],
  [Type.Boolean(), 'false', false],
  [Type.String(), '1', '1'],
  [Type.String(), 'true', 'true'],
  [Type.Enum(['1', '2']), '1', '1'],
]

for (const [schema, text, value] of CONVERTED) {
  t.test(`${JSON.stringify(text)} in a query is converted to ${typeName(schema)}`, async (t) => {
    const validate = compileValidator(Type.Object({ a: schema }), 'querystring')
    t.strictSame(validate({ a: text }), { value: { a: value } })
  })
}

const NUMERALS = [
  ...['', ' ', ' 1', '1 ', '+1', '01', '-01', '-0', '-', '0x10', '0b1', '1e3', '1_000', '1,5'],
  ...['٣', 'NaN', '1n', '1.', '.5', '-.5', '.', '1.5.2', 'Infinity', '-Infinity'],
  ...['9007199254740992', '9007199254740993', '-9007199254740993', '9'.repeat(400)],
]
const REFUSED: [schema: TSchema, texts: string[]][] = [
  [Type.Integer(), [...NUMERALS, '1.0', '-0.5']],
  [Type.Number(), [...NUMERALS, '01.5', '1.5e3', `${'9'.repeat(400)}.0`]],
  [Type.Boolean(), ['', '0', '1', 'TRUE', 'yes', ' true']],
]

for (const [schema, texts] of REFUSED) {
  const name = typeName(schema)
  for (const text of texts) {
    t.test(`${JSON.stringify(text)} in a query is not a valid ${name}`, async (t) => {
      const validate = compileValidator(Type.Object({ a: schema }), 'querystring')
      t.strictSame(violationsOf(validate({ a: text })), [
        { pointer: '/a', message: `must be ${name}` },
      ])
    })
  }
}

for (const part of ['params', 'querystring', 'headers']) {
  t.test(`${part} are copied before they are converted`, async (t) => {
    const validate = compileValidator(Type.Object({ a: Type.Integer(), b: Type.String() }), part)
    const input = { a: '1', b: '2' }
    t.strictSame(validate(input), { value: { a: 1, b: '2' } })
    t.strictSame(input, { a: '1', b: '2' }, 'the input is unchanged')
  })
}

t.test('a repeated parameter is read as a list, not as a number', async (t) => {
  const validate = compileValidator(Type.Object({ a: Type.Integer() }), 'querystring')
  t.strictSame(violationsOf(validate({ a: ['1', '2'] })), [
    { pointer: '/a', message: 'must be integer' },
  ])
})

t.test('an absent parameter stays absent', async (t) => {
  const schema = Type.Object({ a: Type.Optional(Type.Integer()) })
  t.strictSame(compileValidator(schema, 'querystring')({}), { value: {} })
})

t.test('parameters without an object schema are not converted', async (t) => {
  const validate = compileValidator(Type.Record(Type.String(), Type.String()), 'querystring')
  t.strictSame(validate({ a: '1' }), { value: { a: '1' } })
})

t.test('a body is never converted', async (t) => {
  const validate = compileValidator(
    Type.Object({ n: Type.Optional(Type.Integer()), b: Type.Optional(Type.Boolean()) }),
    'body',
  )
  const body = { n: 1, b: true }
  const result = validate(body)
  t.equal('value' in result && result.value, body, 'the result is the same object')
  for (const n of ['1', null, true, [7], 1.5]) {
    t.strictSame(violationsOf(validate({ n })), [{ pointer: '/n', message: 'must be integer' }])
  }
  t.strictSame(violationsOf(validate({ b: 'true' })), [
    { pointer: '/b', message: 'must be boolean' },
  ])
})

const closed = { additionalProperties: false }
const BODY = Type.Object(
  {
    name: Type.String(),
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 5 })),
    code: Type.Optional(Type.String({ minLength: 2, pattern: '^a' })),
    unit: Type.Optional(Type.Enum(['kg', 'm'])),
    parent: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
    list: Type.Optional(Type.Array(Type.Object({ a: Type.String(), b: Type.String() }, closed))),
    'x/y~z': Type.Optional(Type.String()),
  },
  closed,
)

const VIOLATIONS: { title: string; body: unknown; violations: Omit<Violation, 'in'>[] }[] = [
  {
    title: 'a missing member by its own pointer',
    body: {},
    violations: [{ pointer: '/name', message: 'is required' }],
  },
  {
    title: 'every missing member of a nested object',
    body: { name: '', list: [{ a: '', b: '' }, {}] },
    violations: [
      { pointer: '/list/1/a', message: 'is required' },
      { pointer: '/list/1/b', message: 'is required' },
    ],
  },
  {
    title: 'every unknown member',
    body: { name: '', nam: 1, 'a/b~c': 2 },
    violations: [
      { pointer: '/nam', message: 'is unknown' },
      { pointer: '/a~1b~0c', message: 'is unknown' },
    ],
  },
  {
    title: 'a member with / and ~ in its name by an escaped pointer',
    body: { name: '', 'x/y~z': 1 },
    violations: [{ pointer: '/x~1y~0z', message: 'must be string' }],
  },
  {
    title: 'a number over its maximum',
    body: { name: '', count: 9 },
    violations: [{ pointer: '/count', message: 'must be <= 5' }],
  },
  {
    title: 'two violations of one member',
    body: { name: '', code: 'b' },
    violations: [
      { pointer: '/code', message: 'must not have fewer than 2 characters' },
      { pointer: '/code', message: 'must match pattern "^a"' },
    ],
  },
  {
    title: 'a value that is not allowed, with the allowed values',
    body: { name: '', unit: 's' },
    violations: [
      { pointer: '/unit', message: 'must be equal to one of the allowed values: kg, m' },
    ],
  },
  {
    title: 'a value that matches no schema of a union only once',
    body: { name: '', parent: 'x' },
    violations: [{ pointer: '/parent', message: 'must match a schema in anyOf' }],
  },
  {
    title: 'several members',
    body: { name: 1, count: 0 },
    violations: [
      { pointer: '/name', message: 'must be string' },
      { pointer: '/count', message: 'must be >= 1' },
    ],
  },
  ...[null, undefined, 5, 'text', []].map((body) => ({
    title: `${JSON.stringify(body)} as not an object`,
    body,
    violations: [{ pointer: '', message: 'must be object' }],
  })),
]

for (const { title, body, violations } of VIOLATIONS) {
  t.test(`compileValidator() reports ${title}`, async (t) => {
    t.strictSame(violationsOf(compileValidator(BODY, 'body')(body)), violations)
  })
}

t.test('compileValidator() reports a missing member by an escaped pointer', async (t) => {
  const validate = compileValidator(
    Type.Object({ a: Type.Object({ 'a/b~c': Type.String(), '~1': Type.String() }) }),
    'body',
  )
  t.strictSame(violationsOf(validate({ a: {} })), [
    { pointer: '/a/a~1b~0c', message: 'is required' },
    { pointer: '/a/~01', message: 'is required' },
  ])
})

t.test('the message of a ValidationError contains all violations', async (t) => {
  const error = new ValidationError([
    { pointer: '/a', message: 'is required' },
    { pointer: '/b', message: 'must be integer' },
  ])
  t.equal(error.message, '/a is required; /b must be integer')
})

function typeName(schema: TSchema): string {
  return String(Reflect.get(schema, 'type') ?? 'union')
}

function violationsOf(result: ReturnType<ReturnType<typeof compileValidator>>) {
  return 'error' in result ? result.error.violations : 'accepted'
}

t.test('a ValidationError contains at most twenty violations', async (t) => {
  const violations = Array.from({ length: 1_000 }, (_, index) => ({
    pointer: `/${index}`,
    message: 'is unknown',
  }))
  const error = new ValidationError(violations)
  t.same(error.violations, violations.slice(0, 20))
  t.equal(error.message.split('; ').length, 20)
})

const LONG_NAMES: [title: string, name: string, pointer: string][] = [
  ['after 1,000 characters', 'a'.repeat(2_000), `/${'a'.repeat(999)}…`],
  ['between escapes', `a${'~'.repeat(2_000)}`, `/a${'~0'.repeat(499)}…`],
  ['within an escape', '~'.repeat(2_000), `/${'~0'.repeat(499)}…`],
  ['between the halves of a character', '😀'.repeat(2_000), `/${'😀'.repeat(499)}\ufffd…`],
]

for (const [title, name, pointer] of LONG_NAMES) {
  t.test(`a ValidationError cuts a long pointer ${title}`, async (t) => {
    const validate = compileValidator(Type.Object({}, { additionalProperties: false }), 'body')
    const result = validate({ [name]: 0 })
    t.strictSame(violationsOf(result), [{ pointer, message: 'is unknown' }])
    t.equal('error' in result && result.error.message, `${pointer} is unknown`)
  })
}

import t from 'tap'
import { type TSchema, Type } from 'typebox'
import { compileValidator } from '../../../src/http/validation.ts'
import { any, float, int, path, string, uuid } from '../../../src/schemas/converters.ts'

const UUID = '550e8400-e29b-41d4-a716-446655440000'

const CONVERTERS: {
  name: string
  schema: TSchema
  accepted: [string, unknown][]
  refused: string[]
}[] = [
  {
    name: 'string',
    schema: string(),
    accepted: [
      ['a b', 'a b'],
      ['1', '1'],
    ],
    refused: [''],
  },
  {
    name: 'int',
    schema: int(),
    accepted: [
      ['0', 0],
      ['-42', -42],
      ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ],
    refused: ['', ' ', '1.0', '0x10', '1e3', '007', 'one', '9007199254740993'],
  },
  {
    name: 'float',
    schema: float(),
    accepted: [
      ['1', 1],
      ['-1.50', -1.5],
    ],
    refused: ['', '1.', '.5', '1e3', 'NaN', 'Infinity', '0x1', '9'.repeat(400)],
  },
  {
    name: 'path',
    schema: path(),
    accepted: [
      ['a', 'a'],
      ['a/b', 'a/b'],
    ],
    refused: [''],
  },
  {
    name: 'uuid',
    schema: uuid(),
    accepted: [
      [UUID, UUID],
      [UUID.toUpperCase(), UUID.toUpperCase()],
    ],
    refused: ['', UUID.slice(1), UUID.replaceAll('-', ''), UUID.replace('5', 'g'), `${UUID}\n`],
  },
  { name: 'any', schema: any(['a', 'b']), accepted: [['b', 'b']], refused: ['', 'c', 'A', 'a,b'] },
]

for (const { name, schema, accepted, refused } of CONVERTERS) {
  t.test(`the converter ${name} accepts valid values, and refuses other values`, async (t) => {
    const validate = compileValidator(Type.Object({ value: schema }), 'params')
    for (const [text, value] of accepted) {
      t.strictSame(validate({ value: text }), { value: { value } }, JSON.stringify(text))
    }
    for (const text of refused)
      t.ok('error' in validate({ value: text }), `not ${JSON.stringify(text)}`)
  })
}

t.test('each converter has a description, which a route can replace', async (t) => {
  for (const { name, schema } of CONVERTERS) t.match(schema, { description: /\w/ }, name)
  t.match(int('The article'), { description: 'The article' })
})

import fc from 'fast-check'
import t from 'tap'
import { Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { singleLine, timestamp } from '../../src/schemas/property-schemas.ts'
import { type JsonSchema, valuesOf } from './values.ts'

const LOOKAHEAD = '^(?=x).{30}$'

const SCHEMAS = [
  singleLine(10, 'A line'),
  timestamp('A time'),
  Type.String({ minLength: 2, maxLength: 3 }),
  Type.String({ pattern: '^[A-Z]{3}-\\d{4}$' }),
  Type.String({ pattern: LOOKAHEAD, examples: ['x'.repeat(30)] }),
  ...['date', 'email', 'uri', 'uuid'].map((format) => Type.String({ format })),
  Type.Object({ code: singleLine(5, 'A code'), count: Type.Optional(Type.Integer()) }),
]

const sample = (schema: object) => fc.sample(valuesOf(schema as JsonSchema), 200)

t.test('generated values match their schema', async (t) => {
  for (const schema of SCHEMAS) {
    const validator = Compile(schema)
    const wrong = sample(schema).filter((value) => !validator.Check(value))
    t.same(wrong, [], JSON.stringify(schema))
  }
})

t.test(
  'some generated objects are like an example, with other values of some members',
  async (t) => {
    const rank = 123_456_789 // random objects have smaller or larger values
    const examples = [{ name: 'An example', rank }]
    const objects = sample(
      Type.Object(
        { name: Type.String(), rank: Type.Integer(), owner: Type.Integer() },
        { examples },
      ),
    ).filter((each) => Object(each).rank === rank)
    t.ok(objects.some((each) => Object(each).name !== 'An example'))
    t.ok(
      objects.every((each) => !('owner' in Object(each))),
      'members that the example lacks',
    )
  },
)

t.test('a pattern that cannot be generated needs examples', async (t) => {
  t.throws(() => sample(Type.String({ pattern: LOOKAHEAD })), {
    message: /^the tests cannot generate text for the pattern .+: give its schema examples$/,
  })
})

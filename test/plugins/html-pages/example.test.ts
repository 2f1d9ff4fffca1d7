import t from 'tap'
import { exampleOf, type Schema } from '../../../plugins/html-pages/example.ts'

const EXAMPLES: [schema: Schema, example: unknown][] = [
  [{ type: 'string' }, 'text'],
  [{ type: 'string', format: 'date-time' }, '2026-01-01T00:00:00Z'],
  [{ type: 'string', format: 'uuid' }, '00000000-0000-4000-8000-000000000000'],
  [{ type: 'string', format: 'other' }, 'text'],
  [{ type: 'integer' }, 1],
  [{ type: 'integer', minimum: 0 }, 0],
  [{ type: 'number', minimum: 5 }, 5],
  [{ type: 'boolean' }, true],
  [{ type: 'null' }, null],
  [{ type: 'array' }, []],
  [{ type: 'array', items: { type: 'integer' } }, [1]],
  [{ type: 'object' }, {}],
  [{}, {}],
  [{ type: 'string', default: 'given' }, 'given'],
  [{ type: 'string', default: 'given', examples: ['shown', 'other'] }, 'shown'],
  [{ const: false, examples: [true] }, false],
  [{ enum: ['a', 'b'] }, 'a'],
  [{ anyOf: [{ type: 'null' }, { type: 'string' }] }, null],
  [
    { type: 'object', properties: { a: { type: 'string' }, b: { type: 'integer' } } },
    { a: 'a', b: 1 },
  ],
  [{ type: 'object', properties: { a: { type: 'string' }, b: {} }, required: ['a'] }, { a: 'a' }],
  [{ type: 'object', required: ['a'] }, { a: {} }],
]

for (const [schema, example] of EXAMPLES) {
  t.test(`exampleOf(${JSON.stringify(schema)}) returns ${JSON.stringify(example)}`, async (t) => {
    t.strictSame(exampleOf(schema), example)
  })
}

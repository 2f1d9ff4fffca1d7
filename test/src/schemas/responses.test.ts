import t from 'tap'
import { Type } from 'typebox'
import {
  dataResponse,
  problemResponses,
  textOrDataResponse,
} from '../../../src/schemas/responses.ts'

const SCHEMA = Type.Object({ a: Type.String() })
const VERSION_2 = Type.Object({ b: Type.String() })

t.test('dataResponse() declares JSON, XML, HTML and the variants of the route', async (t) => {
  const { description, content } = dataResponse('It', SCHEMA, {
    variants: { 'application/vnd.b+json': VERSION_2 },
  })
  t.equal(description, 'It')
  t.strictSame(Object.entries(content), [
    ['application/json', { schema: SCHEMA }],
    ['application/xml', { schema: SCHEMA }],
    ['text/html', { schema: Type.String(), example: '<!doctype html><title>It</title>' }],
    ['application/vnd.b+json', { schema: VERSION_2 }],
  ])
})

t.test('textOrDataResponse() declares plain text first', async (t) => {
  const { description, content } = textOrDataResponse('It', SCHEMA)
  t.equal(description, 'It')
  t.strictSame(Object.keys(content), [
    'text/plain',
    'application/json',
    'application/xml',
    'text/html',
  ])
})

t.test('problemResponses() declares 406 and 500 in addition to the given statuses', async (t) => {
  const responses = problemResponses(404, 409)
  t.strictSame(Object.keys(responses), ['404', '406', '409', '500'])
  t.match(responses[404], { description: 'Not Found' })
})

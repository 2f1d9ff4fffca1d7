import t from 'tap'
import { buildSerializer } from '../../../src/http/serializer.ts'

const ROUTE = { method: 'GET', url: '/', httpStatus: '200' }
const NAMED = { type: 'object', properties: { name: { type: 'string' } } }
const NUMBERED = { type: 'object', properties: { id: { type: 'integer' } } }

t.test('buildSerializer() compiles each schema only once', async (t) => {
  const compile = buildSerializer()
  const serialize = compile({ ...ROUTE, schema: NAMED })
  t.equal(compile({ ...ROUTE, httpStatus: '404', schema: NAMED }), serialize)
  const data = { id: 1, name: 'a', secret: 'b' }
  t.equal(serialize(data), '{"name":"a"}')
  t.equal(compile({ ...ROUTE, schema: NUMBERED })(data), '{"id":1}')
})

t.test('buildSerializer() resolves references to named schemas', async (t) => {
  const compile = buildSerializer({ named: { $id: 'named', ...NAMED } })
  t.equal(compile({ ...ROUTE, schema: { $ref: 'named#' } })({ id: 1, name: 'a' }), '{"name":"a"}')
})

import t from 'tap'
import { requestId } from '../../../src/http/request-id.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

for (const id of ['a', 'A-Z_a.z~0+9/=:', '550e8400-e29b-41d4-a716-446655440000', 'x'.repeat(128)]) {
  t.test(`requestId() returns ${id} unchanged`, async (t) => {
    t.equal(requestId(id), id)
  })
}

for (const field of [
  undefined,
  '',
  'a b',
  'a\nb',
  'a\n',
  'a"b',
  '<script>',
  'a;b',
  'a,b',
  'é',
  '\u0000',
  'x'.repeat(129),
  ['a', 'b'],
]) {
  t.test(`requestId() returns a UUID instead of ${JSON.stringify(field)}`, async (t) => {
    t.match(requestId(field), UUID)
    t.not(requestId(field), requestId(field), 'each call returns a new UUID')
  })
}

import type { IncomingMessage } from 'node:http'
import t from 'tap'
import { clientRequestId, createRequestIds } from '../../../src/http/request-id.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

type Field = string | string[] | undefined

/** A request from this address with this X-Request-Id. */
function requestFrom(remoteAddress: string | undefined, id: Field) {
  const headers = { 'x-request-id': id } as object // Node joins repeated fields
  return { headers, socket: { remoteAddress } } as Pick<IncomingMessage, 'headers' | 'socket'>
}

const idOf = createRequestIds(['192.0.2.1', '2001:db8::/32'])
const VALID = ['a', 'A-Z_a.z~0+9/=:', '550e8400-e29b-41d4-a716-446655440000', 'x'.repeat(128)]
const INVALID: Field[] = [
  ...[undefined, '', 'a b', 'a\nb', 'a\n', 'a"b', '<script>', 'a;b', 'a,b', 'é', '\u0000'],
  'x'.repeat(129),
  ['a', 'b'],
]

for (const id of VALID) {
  t.test(`the id ${id} is kept only if a trusted proxy sent it`, async (t) => {
    for (const address of ['192.0.2.1', '::ffff:192.0.2.1', '2001:db8::1', '2001:db8::1%eth0']) {
      t.equal(idOf(requestFrom(address, id)), id, address)
    }
    for (const address of ['192.0.2.2', '2001:db9::1', 'unix', '', undefined]) {
      t.match(idOf(requestFrom(address, id)), UUID, String(address))
    }
    t.match(createRequestIds([])(requestFrom('192.0.2.1', id)), UUID, 'no proxy is trusted')
  })
}

for (const field of INVALID) {
  t.test(`${JSON.stringify(field)} of a trusted proxy is replaced by a UUID`, async (t) => {
    const request = requestFrom('192.0.2.1', field)
    t.match(idOf(request), UUID)
    t.not(idOf(request), idOf(request), 'each call returns a new UUID')
  })
}

t.test('the X-Request-Id of a client is its claim', async (t) => {
  for (const id of VALID) t.equal(clientRequestId({ 'x-request-id': id }, 'own'), id)
  for (const field of INVALID) {
    t.equal(clientRequestId(requestFrom('', field).headers, 'own'), undefined)
  }
})

t.test(
  'if the id is that of a proxy, the claim of the client is X-Client-Request-Id',
  async (t) => {
    const headers = { 'x-request-id': 'proxy', 'x-client-request-id': 'client' }
    t.equal(clientRequestId(headers, 'proxy'), 'client')
    t.equal(clientRequestId(headers, 'own'), 'proxy', 'the proxy is not trusted')
    t.equal(clientRequestId({ 'x-request-id': 'proxy' }, 'proxy'), undefined)
    t.equal(clientRequestId({ ...headers, 'x-client-request-id': 'a b' }, 'proxy'), undefined)
  },
)

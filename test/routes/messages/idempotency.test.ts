import type { InjectOptions } from 'fastify'
import { createMessageStore } from '../../../routes/messages/store.ts'
import { build, expectReply } from '../../app.ts'
import { testOnEachEngine } from '../../engines.ts'

/** Returns a request with an Idempotency-Key and without credentials. */
function send(type: string, payload: string | Buffer, key = 'a'): InjectOptions {
  const headers = { 'content-type': type, 'idempotency-key': key }
  return { method: 'POST', url: '/messages', headers, payload }
}

const FORM = 'multipart/form-data; boundary=B'
const FILE = [
  '--B\r\nContent-Disposition: form-data; name="f"; filename="a\x01 日本.txt"\r\n',
  'Content-Type: text/plain\r\n\r\nHello\r\n--B--\r\n',
].join('')

const MESSAGES: [type: string, payload: string | Buffer, said: string][] = [
  ['text/plain', 'Hello', 'Text Message: Hello'],
  ['text/plain', '', 'Text Message: '],
  ['application/json', '{"message":"Hello"}', 'JSON Message: {"message": "Hello"}'],
  ['application/xml', '<a>é</a>', 'XML Message: <a>é</a>'],
  ['application/octet-stream', Buffer.from([0, 0xff, 0x80]), 'Binary message written!'],
  ['application/octet-stream', '', 'Binary message written!'],
  [FORM, FILE, 'File Message: a\x01 日本.txt (5 bytes)'],
]

for (const [type, payload, said] of MESSAGES) {
  const size = Buffer.byteLength(payload)
  testOnEachEngine(
    `repeated POST /messages of ${size} bytes of ${type} with one Idempotency-Key store one message`,
    async (t) => {
      const app = await build(t)
      const request = send(type, payload)
      const expected = { status: 201, headers: { location: '/messages/1' }, body: said }
      for (let time = 0; time < 3; time++) await expectReply(t, app, request, expected)
      t.equal(await app.store(createMessageStore).find(2), undefined)
    },
  )
}

testOnEachEngine(
  'a repeat with Accept: application/json gets the first result as JSON',
  async (t) => {
    const app = await build(t)
    const request = send('text/plain', 'Hello')
    const asData = { ...request, headers: { ...request.headers, accept: 'application/json' } }
    await expectReply(t, app, request, { status: 201, body: 'Text Message: Hello' })
    const { body } = await expectReply(t, app, asData, { status: 201 })
    t.match(JSON.parse(body), { id: 1, size: 5 })
    await expectReply(t, app, asData, { status: 201, body })
  },
)

testOnEachEngine(
  'other bytes or another media type with the same Idempotency-Key get 422',
  async (t) => {
    const app = await build(t)
    const sent = Buffer.from([0, 0xff, 0x80])
    await expectReply(t, app, send('application/octet-stream', sent), { status: 201 })
    for (const request of [
      send('application/octet-stream', Buffer.from([0, 0xff, 0x81])),
      send('application/octet-stream', ''),
      send('application/octet-stream; a=b', sent),
    ]) {
      await expectReply(t, app, request, { status: 422 })
    }
    const headers = { location: '/messages/2' }
    const other = send('application/octet-stream', sent, 'b')
    await expectReply(t, app, other, { status: 201, headers })
  },
)

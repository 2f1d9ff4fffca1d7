import { hash } from 'node:crypto'
import { createMessageStore } from '../../../routes/messages/store.ts'
import { build, expectReply, write } from '../../app.ts'
import { testOnEachEngine } from '../../engines.ts'

const BINARY = Buffer.from([0xff, 0x00, 0x0d, 0x0a, 0x80])
const URLENCODED = 'application/x-www-form-urlencoded'

/** One message of each media type, with the tutorial's acknowledgement. */
const MESSAGES = [
  { type: 'text/plain', payload: 'Hello', said: 'Text Message: Hello' },
  { type: 'text/plain; charset=UTF-8', payload: 'café', said: 'Text Message: café' },
  { type: 'text/plain', payload: '', said: 'Text Message: ' },
  {
    type: 'application/json',
    payload: '{"message":"Hello Data"}',
    said: 'JSON Message: {"message": "Hello Data"}',
  },
  {
    type: 'Application/JSON; charset=utf-8',
    payload: '{"b": [1, {"a": "x, y: z"}],\n "c": null}',
    said: 'JSON Message: {"b": [1, {"a": "x, y: z"}], "c": null}',
  },
  {
    type: 'application/json',
    payload: '{"id":1234567890123456789}',
    said: 'JSON Message: {"id": 1234567890123456789}',
  },
  { type: 'application/xml', payload: '<a b="1">é</a>', said: 'XML Message: <a b="1">é</a>' },
  { type: 'text/xml', payload: '<a/>', said: 'XML Message: <a/>' },
  {
    type: URLENCODED,
    payload: 'name=Luis+Rei&tag=%C3%A9&tag=b',
    said: 'Form Message: {"name": "Luis Rei", "tag": ["é", "b"]}',
  },
  { type: 'application/octet-stream', payload: BINARY, said: 'Binary message written!' },
]

/** Media types that browsers must save instead of showing, because browsers could execute the content. */
const SAVED = ['application/xml', 'text/xml', URLENCODED]

for (const { type, payload, said } of MESSAGES) {
  testOnEachEngine(`POST /messages stores ${type} and returns: ${said}`, async (t) => {
    const app = await build(t)
    const headers = { 'content-type': type }
    const location = '/messages/1'
    const request = { method: 'POST', url: '/messages', headers, payload } as const
    await expectReply(t, app, request, {
      status: 201,
      type: 'text/plain; charset=utf-8',
      headers: { location },
      body: said,
    })
    const saved = SAVED.includes(type)
    const reply = await expectReply(
      t,
      app,
      { url: location },
      {
        type,
        headers: {
          'content-disposition': saved ? 'attachment' : undefined,
        },
      },
    )
    t.same(reply.rawPayload, Buffer.from(payload), 'the bytes are unchanged')
  })
}

testOnEachEngine('POST /messages returns a description of the message as JSON', async (t) => {
  const app = await build(t)
  const headers = { 'content-type': 'text/plain; charset=utf-8', accept: 'application/json' }
  const request = { method: 'POST', url: '/messages', headers, payload: 'café' } as const
  const reply = await expectReply(t, app, request, { status: 201 })
  const { createdAt, ...message } = reply.json()
  t.same(message, {
    id: 1,
    mediaType: 'text/plain; charset=utf-8',
    fileName: null,
    size: 5,
    sha256: hash('sha256', 'café'),
  })
  t.equal(new Date(createdAt).toISOString(), createdAt)
})

testOnEachEngine('POST /messages assigns each message its own id', async (t) => {
  const app = await build(t)
  const headers = { 'content-type': 'text/plain' }
  for (const [index, payload] of ['first', 'second', 'first'].entries()) {
    const location = `/messages/${index + 1}`
    const request = { method: 'POST', url: '/messages', headers, payload } as const
    await expectReply(t, app, request, { status: 201, headers: { location } })
    await expectReply(t, app, { url: location }, { body: payload })
  }
})

const FORM = { 'content-type': 'multipart/form-data; boundary=B' }

/** Writes a form as `curl -F` does, from the header fields and the content of each part. */
function formOf(...parts: [fields: string, content: string | Buffer][]): Buffer {
  const bytes = parts.flatMap(([fields, content]) => [
    Buffer.from(`--B\r\nContent-Disposition: form-data; ${fields}\r\n\r\n`),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ])
  return Buffer.concat([...bytes, Buffer.from('--B--\r\n')])
}

const FILES = [
  {
    title: 'a file with its name and media type',
    fields: 'name="file"; filename="photo.png"\r\nContent-Type: image/png',
    said: 'photo.png',
    type: 'image/png',
    disposition: 'attachment; filename=photo.png',
  },
  {
    title: 'an HTML file, which browsers must not show',
    fields: 'name="file"; filename="evil.html"\r\nContent-Type: text/html',
    said: 'evil.html',
    type: 'text/html',
    disposition: 'attachment; filename=evil.html',
  },
  {
    title: 'a file without a media type as text, as RFC 7578 §4.4 requires',
    fields: 'name="file"; filename="notes"',
    said: 'notes',
    type: 'text/plain',
    disposition: 'attachment; filename=notes',
  },
  {
    title: 'a file with an invalid media type as application/octet-stream',
    fields: 'name="file"; filename="x"\r\nContent-Type: nonsense',
    said: 'x',
    type: 'application/octet-stream',
    disposition: 'attachment; filename=x',
  },
  {
    title: 'only the last segment of a file name with folders',
    fields: 'name="file"; filename="../../etc/passwd"\r\nContent-Type: text/plain',
    said: 'passwd',
    type: 'text/plain',
    disposition: 'attachment; filename=passwd',
  },
  {
    title: 'a file name in another script',
    fields: 'name="file"; filename="日本.txt"\r\nContent-Type: text/plain',
    said: '日本.txt',
    type: 'text/plain',
    disposition: 'attachment; filename="??.txt"; filename*=UTF-8\'\'%E6%97%A5%E6%9C%AC.txt',
  },
  {
    title: 'a file name with a quote and control characters',
    fields: 'name="file"; filename="a%22b\x01\tc"\r\nContent-Type: text/plain',
    said: 'a"b\x01\tc',
    type: 'text/plain',
    disposition: 'attachment; filename="a\\"b??c"; filename*=UTF-8\'\'a%22b%01%09c',
  },
]

for (const { title, fields, said, type, disposition } of FILES) {
  testOnEachEngine(`POST /messages stores ${title}`, async (t) => {
    const app = await build(t)
    const payload = formOf([fields, BINARY])
    const request = { method: 'POST', url: '/messages', headers: FORM, payload } as const
    const body = `File Message: ${said} (5 bytes)`
    await expectReply(t, app, request, { status: 201, headers: { location: '/messages/1' }, body })
    const headers = {
      'content-disposition': disposition,
    }
    const reply = await expectReply(t, app, { url: '/messages/1' }, { headers })
    t.match(reply.headers['content-type'], type)
    t.same(reply.rawPayload, BINARY, 'the bytes are unchanged')
  })
}

const FILE = 'name="f"; filename="x"'
const REFUSED_FORMS: [parts: [string, string][], found: string][] = [
  [[], 'nothing'],
  [[['name="text"', 'hello']], 'field text'],
  [
    [
      [FILE, 'a'],
      ['name="text"', 'hello'],
    ],
    'file f, field text',
  ],
  [
    [
      ['name="text"', 'hello'],
      [FILE, 'a'],
    ],
    'field text, file f',
  ],
  [
    [
      [FILE, 'a'],
      [FILE, 'b'],
    ],
    'file f, file f',
  ],
]

for (const [parts, found] of REFUSED_FORMS) {
  testOnEachEngine(`POST /messages returns 400 for a form with ${found}`, async (t) => {
    const app = await build(t)
    const payload = formOf(...parts)
    const message = `Bad Request: a form must hold one file and nothing else, not ${found}`
    await expectReply(
      t,
      app,
      { method: 'POST', url: '/messages', headers: FORM, payload },
      { status: 400, body: { status: 400, message } },
    )
    t.equal(await app.store(createMessageStore).find(1), undefined, 'nothing is stored')
  })
}

testOnEachEngine(
  'GET /messages/:messageId returns 404 if the message does not exist, and 400 for an invalid id',
  async (t) => {
    const app = await build(t)
    const message = 'Not Found: http://localhost:80/messages/1'
    const body = { status: 404, message }
    await expectReply(t, app, { url: '/messages/1' }, { status: 404, body })
    for (const id of ['0', 'x', '1e3', '9007199254740993', '-1']) {
      const reply = await expectReply(t, app, { url: `/messages/${id}` }, { status: 400 })
      t.match(reply.json().errors, [{ in: 'params', pointer: '/messageId' }])
    }
  },
)

testOnEachEngine('HEAD /messages/:messageId returns the header fields of GET', async (t) => {
  const app = await build(t, { TRUST_PROXY: '127.0.0.1' })
  await app.inject(write('POST', '/messages', { 'content-type': 'application/xml' }, '<a/>'))
  const request = { url: '/messages/1', headers: { 'x-request-id': 'same' } }
  const get = await expectReply(t, app, request, { body: '<a/>' })
  const head = await expectReply(t, app, { ...request, method: 'HEAD' }, { body: '' })
  // Last-Modified is absent during the second in which the message was created, so the two responses can differ.
  const passing = { date: '', 'last-modified': '' }
  t.same({ ...head.headers, ...passing }, { ...get.headers, ...passing })
})

testOnEachEngine('GET /messages/:messageId returns the message for any Accept', async (t) => {
  const app = await build(t)
  const sent = { 'content-type': 'text/plain' }
  await app.inject({ method: 'POST', url: '/messages', headers: sent, payload: 'Hello' })
  for (const accept of ['text/plain', 'image/png', 'application/problem+json']) {
    await expectReply(
      t,
      app,
      { url: '/messages/1', headers: { accept } },
      { type: 'text/plain', body: 'Hello' },
    )
  }
})

for (const mediaType of ['text/plain; x="日本"', 'text/plain; x=\x01']) {
  testOnEachEngine(
    `a file with the media type ${JSON.stringify(mediaType)} is returned as application/octet-stream`,
    async (t) => {
      const app = await build(t)
      const disposition = 'form-data; name="file"; filename="a.txt"'
      await app.inject({
        method: 'POST',
        url: '/messages',
        headers: { 'content-type': 'multipart/form-data; boundary=B' },
        payload: `--B\r\nContent-Disposition: ${disposition}\r\nContent-Type: ${mediaType}\r\n\r\nHello\r\n--B--\r\n`,
      })
      await expectReply(
        t,
        app,
        { url: '/messages/1' },
        { type: 'application/octet-stream', body: 'Hello' },
      )
    },
  )
}

testOnEachEngine(
  'POST /messages returns 415 for a list of media types, because browsers would use the last one',
  async (t) => {
    const app = await build(t)
    for (const type of ['text/plain;a=b, text/html', 'text/plain, text/html', 'text/plain,']) {
      const headers = { 'content-type': type }
      const request = { method: 'POST', url: '/messages', headers, payload: '<b>' } as const
      await expectReply(t, app, request, { status: 415 })
    }
    t.equal(await app.store(createMessageStore).find(1), undefined)
  },
)

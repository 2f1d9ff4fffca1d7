import { hash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { build, expectReply } from '../../app.ts'
import { testOnEachEngine } from '../../engines.ts'

const TEXT = '0123456789'
const ETAG = `"${hash('sha256', TEXT)}"`

/** Stores an HTML file, which browsers must not show. */
async function postPage(app: FastifyInstance, content = TEXT) {
  const disposition = 'form-data; name="f"; filename="page.html"\r\nContent-Type: text/html'
  await app.inject({
    method: 'POST',
    url: '/messages',
    headers: { 'content-type': 'multipart/form-data; boundary=B' },
    payload: `--B\r\nContent-Disposition: ${disposition}\r\n\r\n${content}\r\n--B--\r\n`,
  })
}

const get = (headers: Record<string, string> = {}) => ({ url: '/messages/1', headers })

/** Header fields of each response that contains bytes of the file. */
const FIELDS = {
  etag: ETAG,
  'accept-ranges': 'bytes',
  'content-type': 'text/html',
  'content-disposition': 'attachment; filename=page.html',
}

testOnEachEngine('GET /messages/:messageId returns the digest as the ETag', async (t) => {
  const app = await build(t)
  await postPage(app)
  const headers = { ...FIELDS, 'content-range': undefined, 'content-length': '10' }
  await expectReply(t, app, get(), { body: TEXT, headers })
})

for (const field of [ETAG, `W/${ETAG}`, `"other", ${ETAG}`, '*']) {
  testOnEachEngine(
    `GET /messages/:messageId with If-None-Match: ${field} returns 304`,
    async (t) => {
      const app = await build(t)
      await postPage(app)
      const reply = await app.inject(get({ 'if-none-match': field, range: 'bytes=0-4' }))
      t.equal(reply.statusCode, 304, 'If-None-Match takes precedence over Range')
      t.equal(reply.body, '')
      t.match(reply.headers, { etag: ETAG, vary: 'Accept' })
      t.notOk(reply.headers['content-type'], 'a 304 has no Content-Type')
    },
  )
}

testOnEachEngine('GET /messages/:messageId returns 412 if If-Match has another ETag', async (t) => {
  const app = await build(t)
  await postPage(app)
  for (const field of ['"other"', `W/${ETAG}`, `"${hash('sha256', TEXT)}-json"`]) {
    const request = get({ 'if-match': field, range: 'bytes=99-' })
    const headers = { etag: undefined, 'content-range': undefined }
    await expectReply(t, app, request, { status: 412, headers })
  }
  const fits = { 'if-match': ETAG, 'if-none-match': '"other"' }
  await expectReply(t, app, get(fits), { body: TEXT })
  await expectReply(t, app, get({ 'if-none-match': 'nonsense' }), { status: 400 })
})

const PARTS: [range: string, part: string, contentRange: string][] = [
  ['bytes=0-4', '01234', 'bytes 0-4/10'],
  ['bytes=5-', '56789', 'bytes 5-9/10'],
  ['bytes=-3', '789', 'bytes 7-9/10'],
  ['bytes=0-99999999999999999999', TEXT, 'bytes 0-9/10'],
]

for (const [range, part, contentRange] of PARTS) {
  testOnEachEngine(`GET /messages/:messageId with ${range} returns 206`, async (t) => {
    const app = await build(t)
    await postPage(app)
    const length = { 'content-length': String(part.length) }
    const headers = { ...FIELDS, ...length, 'content-range': contentRange }
    const expected = { status: 206, headers, body: part }
    await expectReply(t, app, get({ range }), expected)
    await expectReply(t, app, get({ range, 'if-range': ETAG }), expected)
  })
}

testOnEachEngine('an unsatisfiable range gets 416 with the size of the message', async (t) => {
  const app = await build(t)
  await postPage(app)
  const reply = await expectReply(t, app, get({ range: 'bytes=10-' }), {
    status: 416,
    type: 'application/json; charset=utf-8',
    headers: {
      'content-range': 'bytes */10',
      etag: undefined,
    },
    body: {
      status: 416,
      message:
        'Range Not Satisfiable: the range begins after the end: the representation has 10 bytes',
    },
  })
  t.notOk(
    reply.headers['content-disposition'],
    'the browser shows the error and does not save it as page.html',
  )
})

testOnEachEngine(
  'the last bytes of an empty message are all of it, and other ranges get 416',
  async (t) => {
    const app = await build(t)
    await postPage(app, '')
    await expectReply(t, app, get({ range: 'bytes=-5' }), { body: '' })
    for (const range of ['bytes=0-', 'bytes=0-0']) {
      const headers = { 'content-range': 'bytes */0' }
      await expectReply(t, app, get({ range }), { status: 416, headers })
    }
    await expectReply(t, app, get(), { body: '', headers: { 'content-length': '0' } })
  },
)

const WHOLE: Record<string, string>[] = [
  { range: 'bytes=0-1,3-4' },
  { range: 'bytes=4-0' },
  { range: 'items=0-4' },
  { range: 'bytes=0x0-0x4' },
  { range: 'bytes=0-4', 'if-range': `W/${ETAG}` },
  { range: 'bytes=0-4', 'if-range': '"other"' },
  { range: 'bytes=0-4', 'if-range': 'Fri, 31 Dec 9999 23:59:59 GMT' },
  { range: 'bytes=99-', 'if-range': '"other"' },
]

for (const fields of WHOLE) {
  testOnEachEngine(`GET with ${JSON.stringify(fields)} returns the whole message`, async (t) => {
    const app = await build(t)
    await postPage(app)
    const headers = { ...FIELDS, 'content-range': undefined }
    await expectReply(t, app, get(fields), { body: TEXT, headers })
  })
}

testOnEachEngine(
  'HEAD ignores Range, and returns the header fields of the whole message',
  async (t) => {
    const app = await build(t)
    await postPage(app)
    for (const range of ['bytes=0-4', 'bytes=99-']) {
      const request = { ...get({ range }), method: 'HEAD' } as const
      const headers = { ...FIELDS, 'content-range': undefined, 'content-length': '10' }
      await expectReply(t, app, request, { headers, body: '' })
    }
  },
)

testOnEachEngine('the positions of a range are bytes, not characters', async (t) => {
  const app = await build(t)
  const payload = Buffer.from([0xff, 0x00, 0x0d, 0x0a, 0x80])
  const headers = { 'content-type': 'application/octet-stream' }
  await app.inject({ method: 'POST', url: '/messages', headers, payload })
  const reply = await expectReply(t, app, get({ range: 'bytes=1-3' }), { status: 206 })
  t.same(reply.rawPayload, payload.subarray(1, 4))
})

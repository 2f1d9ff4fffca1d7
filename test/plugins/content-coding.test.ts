import { createHook } from 'node:async_hooks'
import { setTimeout } from 'node:timers/promises'
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { AUTHORIZATION, build, buildWith, createLog, expectReply } from '../app.ts'
import { createNoteStore } from '../fixtures/resources/notes/store.ts'
import { connectTo } from '../socket.ts'
import '../fixtures/register.ts'

const TEXT = 'You are reading this. '.repeat(500)
const NOTE = { title: 'Long', body: TEXT, author: 'Luis Rei' }

/** Builds the service with a long note at /notes/124. */
async function buildWithNote(t: Test) {
  const app = await build(t)
  const { version } = await app.store(createNoteStore).create(NOTE)
  return { app, tag: `"${version}-json"` }
}

function read(fields: Record<string, string>, url = '/notes/124') {
  return { url, headers: { accept: 'application/json', ...fields } }
}

const CODINGS = [
  ['zstd', zstdDecompressSync],
  ['gzip', gunzipSync],
  ['br', brotliDecompressSync],
] as const

for (const [coding, decode] of CODINGS) {
  t.test(
    `a long response is compressed with ${coding}, and its ETag names the coding`,
    async (t) => {
      const { app, tag } = await buildWithNote(t)
      const whole = await expectReply(t, app, read({}), { headers: { etag: tag } })
      const etag = `${tag.slice(0, -1)}-${coding}"`
      const request = read({ 'accept-encoding': coding })
      const coded = await app.inject(request)
      t.equal(decode(coded.rawPayload).toString(), whole.body)
      t.ok(coded.rawPayload.length < whole.rawPayload.length / 10)
      t.match(coded.headers, {
        etag,
        'content-encoding': coding,
        'content-length': String(coded.rawPayload.length),
        'content-type': whole.headers['content-type'],
        vary: 'Accept, Accept-Encoding',
      })
      t.equal(
        whole.headers.vary,
        'Accept, Accept-Encoding',
        'the uncompressed response has the same Vary',
      )

      const head = await app.inject({ ...request, method: 'HEAD' })
      t.equal(head.body, '')
      for (const name of ['etag', 'content-encoding', 'content-length', 'content-type', 'vary']) {
        t.equal(head.headers[name], coded.headers[name], `HEAD has the same ${name}`)
      }
    },
  )
}

/** Header fields with which a response must not be compressed. */
const KEPT: Record<string, string>[] = [
  { 'accept-encoding': '' },
  { 'accept-encoding': 'identity' },
  { 'accept-encoding': 'gzip;q=0, deflate' },
  { 'accept-encoding': 'identity;q=0' },
]

for (const fields of KEPT) {
  t.test(`a response is not compressed with ${JSON.stringify(fields)}`, async (t) => {
    const { app, tag } = await buildWithNote(t)
    const headers = { etag: tag, 'content-encoding': undefined }
    await expectReply(t, app, read(fields), {
      headers,
      body: { ...NOTE, ...(await found(app)) },
    })
  })
}

async function found(app: FastifyInstance) {
  return (await app.store(createNoteStore).find(124))?.note
}

const GZIP = { 'accept-encoding': 'gzip' }

t.test(
  'responses are not compressed if they are short, already compressed, no-transform or authenticated, or if they support ranges',
  async (t) => {
    const app = await buildWith(t, async (app) => {
      const fields: Record<string, Record<string, string>> = {
        short: { 'content-type': 'text/plain' },
        image: { 'content-type': 'image/png' },
        coded: { 'content-type': 'text/plain', 'content-encoding': 'x-other' },
        fixed: { 'content-type': 'text/plain', 'cache-control': 'max-age=1, No-Transform' },
        parts: { 'content-type': 'text/plain', 'accept-ranges': 'bytes' },
      }
      for (const [name, headers] of Object.entries(fields)) {
        app.get(`/${name}`, (_request, reply) =>
          reply.headers({ etag: '"1"', ...headers }).send(name === 'short' ? 'short' : TEXT),
        )
      }
      app.get('/untagged', (_request, reply) => reply.type('text/plain').send(TEXT))
      app.get('/mine', { onRequest: app.requireAuth() }, () => ({ text: TEXT }))
    })
    for (const name of ['short', 'image', 'coded', 'fixed', 'parts']) {
      const { headers, body } = await app.inject({ url: `/${name}`, headers: GZIP })
      t.equal(headers['content-encoding'], name === 'coded' ? 'x-other' : undefined, name)
      t.equal(headers.etag, '"1"', name)
      t.equal(body, name === 'short' ? 'short' : TEXT, name)
    }
    const mine = { url: '/mine', headers: { ...GZIP, authorization: AUTHORIZATION } }
    await expectReply(t, app, mine, { body: { text: TEXT } })
    const untagged = await app.inject({ url: '/untagged', headers: GZIP })
    t.match(untagged.headers, { 'content-encoding': 'gzip', etag: undefined })
  },
)

t.test('text that a route sends as a Buffer is compressed', async (t) => {
  const app = await buildWith(t, async (app) => {
    app.get('/buffer', (_request, reply) => reply.type('text/plain').send(Buffer.from(TEXT)))
  })
  const { headers, rawPayload } = await app.inject(read({ 'accept-encoding': 'gzip' }, '/buffer'))
  t.equal(headers['content-encoding'], 'gzip')
  t.equal(gunzipSync(rawPayload).toString(), TEXT)
})

t.test('a file is never compressed, so that ranges select bytes of the original', async (t) => {
  const app = await build(t)
  const headers = { 'content-type': 'text/plain' }
  await app.inject({ method: 'POST', url: '/files', headers, payload: TEXT })
  const request = { url: '/files/1', headers: { ...GZIP, range: 'bytes=0-4' } }
  await expectReply(t, app, request, {
    status: 206,
    body: TEXT.slice(0, 5),
    headers: { 'content-encoding': undefined, 'content-range': `bytes 0-4/${TEXT.length}` },
  })
})

t.test('preconditions compare the ETag of the compressed response', async (t) => {
  const { app, tag } = await buildWithNote(t)
  const coded = `${tag.slice(0, -1)}-gzip"`
  const conditions: [fields: Record<string, string>, status: number][] = [
    [{ ...GZIP, 'if-none-match': coded }, 304],
    [{ ...GZIP, 'if-none-match': `W/${coded}` }, 304],
    [{ ...GZIP, 'if-none-match': tag }, 200],
    [{ ...GZIP, 'if-match': coded }, 200],
    [{ ...GZIP, 'if-match': tag }, 412],
    [{ 'if-none-match': coded }, 200],
    [{ 'if-none-match': tag }, 304],
    [{ 'if-match': coded }, 412],
  ]
  for (const [fields, status] of conditions) {
    const { statusCode, headers, rawPayload } = await app.inject(read(fields))
    t.equal(statusCode, status, JSON.stringify(fields))
    if (status === 200) continue
    t.equal(headers['content-encoding'], undefined)
    t.equal(headers.etag, status === 304 ? fields['if-none-match']?.replace('W/', '') : undefined)
    t.equal(rawPayload.length, Number(headers['content-length'] ?? 0))
  }
})

t.test('nothing is compressed for a 304', async (t) => {
  const { app, tag } = await buildWithNote(t)
  let compressed = 0
  const hook = createHook({
    init: (_id, type) => {
      if (type === 'ZLIB') compressed++
    },
  }).enable()
  t.teardown(() => hook.disable())
  const fields = { ...GZIP, 'if-none-match': `${tag.slice(0, -1)}-gzip"` }
  for (const method of ['GET', 'HEAD'] as const) {
    t.equal((await app.inject({ ...read(fields), method })).statusCode, 304)
  }
  t.equal(compressed, 0)
  await app.inject(read(GZIP))
  t.equal(compressed, 1, 'a 200 does')
})

t.test('a write accepts the ETag of a compressed response', async (t) => {
  const { app, tag } = await buildWithNote(t)
  const headers = { authorization: AUTHORIZATION, 'if-match': `${tag.slice(0, -1)}-gzip"` }
  const payload = { ...NOTE, title: 'Changed' }
  const request = { method: 'PUT', url: '/notes/124', headers, payload } as const
  await expectReply(t, app, request, {})
  await expectReply(t, app, request, { status: 412 })
})

t.test('a long error document is compressed', async (t) => {
  const app = await build(t)
  const url = `/nowhere?${'a'.repeat(2000)}`
  const reply = await app.inject({ url, headers: GZIP })
  t.equal(reply.statusCode, 404)
  t.equal(reply.headers['content-encoding'], 'gzip')
  const message = `Not Found: http://localhost:80${url}`
  t.same(JSON.parse(gunzipSync(reply.rawPayload).toString()), { status: 404, message })
  await expectReply(
    t,
    app,
    { url: '/nowhere', headers: GZIP },
    {
      status: 404,
      headers: { 'content-encoding': undefined },
    },
  )
})

t.test('an invalid header field of a compressed response causes a 500', async (t) => {
  const app = await buildWith(t, async (app) => {
    app.get('/unwritable', (_request, reply) =>
      reply.headers({ 'content-type': 'text/plain', 'x-bad': 'a\u0100' }).send(TEXT),
    )
  })
  const { statusCode } = await app.inject({ url: '/unwritable', headers: GZIP })
  t.equal(statusCode, 500)
  await expectReply(t, app, { url: '/greeting' }, {})
})

t.test('a client that disconnects during compression causes no error', async (t) => {
  const log = createLog()
  const app = await build(t, {}, { logDestination: log })
  await app.store(createNoteStore).create({ ...NOTE, body: TEXT.repeat(8) })
  const head = 'GET /notes/124 HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n'
  for (let count = 0; count < 20; count++) {
    const socket = await connectTo(app)
    socket.write(`${head}Accept-Encoding: br\r\n\r\n`)
    await setTimeout(count % 5)
    socket.destroy()
  }
  const { statusCode } = await app.inject(read(GZIP))
  t.equal(statusCode, 200)
  t.same(
    log.lines.filter(({ level }) => level !== 'info'),
    [],
  )
})

import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { build, buildWith, expectReply, patch, write } from '../app.ts'
import '../fixtures/register.ts'

const NOTE = { title: 'a', body: 'b', author: 'c' }
const JSON_ONLY = { accept: 'application/json' }
const ANY = { 'if-match': '*' }
const MERGE = 'application/merge-patch+json'

const put = (id: number, fields: object) => write('PUT', `/notes/${id}`, fields, NOTE)
const post = (fields: object) => write('POST', '/notes', fields, NOTE)
const change = (fields: object) => patch('/notes/123', MERGE, { title: 'z' }, fields)

/** Requests, with the status and the header fields of the response to `return=minimal`. */
const WRITES = [
  { name: 'POST', request: post, status: 201, location: /^\/notes\/\d+$/, etag: /^"/ },
  { name: 'PUT that creates', request: put.bind(null, 55), status: 201, location: /^\/notes\/55$/ },
  { name: 'PUT', request: (fields: object) => put(123, { ...ANY, ...fields }), status: 204 },
  {
    name: 'PATCH',
    request: (fields: object) => change({ ...ANY, ...fields }),
    status: 204,
    etag: /^"2\./,
  },
  {
    name: 'DELETE',
    request: (fields: object) => write('DELETE', '/notes/123', { ...ANY, ...fields }),
    status: 204,
  },
]

for (const { name, request, status, location, etag } of WRITES) {
  t.test(`a ${name} with return=minimal gets ${status} without content`, async (t) => {
    const app = await build(t)
    const reply = await app.inject(request({ prefer: 'return=minimal' }))
    t.equal(reply.statusCode, status)
    t.equal(reply.body, '')
    t.equal(reply.headers['preference-applied'], 'return=minimal')
    t.match(reply.headers.location, location)
    t.match(reply.headers.etag, etag)
    t.notOk(reply.headers['content-type'] ?? reply.headers['content-location'])
    // Last-Modified is also sent if the second of the change is over.
    if (!etag) t.equal(reply.headers['last-modified'], undefined)
  })
}

t.test('the page of a write is not the page of the resource', async (t) => {
  const app = await build(t)
  for (const request of [post({}), put(123, ANY), change(ANY)]) {
    const headers = { ...request.headers, accept: 'text/html' }
    const page = await app.inject({ ...request, headers })
    t.match(page, { statusCode: /^20[01]$/, headers: { 'content-type': /^text\/html/ } })
    t.equal(page.headers['content-location'], undefined)
  }
})

t.test('a write with return=representation gets the whole representation', async (t) => {
  const app = await build(t)
  const fields = { ...JSON_ONLY, prefer: 'return=representation', ...ANY }
  for (const request of [put(123, fields), change(fields)]) {
    const { body, headers } = await expectReply(t, app, request, {
      headers: {
        'preference-applied': 'return=representation',
        'content-location': '/notes/123',
      },
    })
    const read = await app.inject({ url: '/notes/123', headers: JSON_ONLY })
    t.same(
      [read.body, read.headers.etag],
      [body, headers.etag],
      'the client holds what a GET returns',
    )
  }
  const { 'if-match': _match, ...others } = fields
  const { headers } = await app.inject(post(others))
  t.equal(headers['content-location'], headers.location)
  t.equal(headers['preference-applied'], 'return=representation')
})

t.test(
  'without Prefer, the response has the representation and no Preference-Applied',
  async (t) => {
    const app = await build(t)
    for (const prefer of [undefined, 'respond-async', 'return=other']) {
      const fields = { ...JSON_ONLY, ...ANY, ...(prefer && { prefer }) }
      const headers = { 'preference-applied': undefined, 'content-location': '/notes/123' }
      await expectReply(t, app, put(123, fields), { headers })
    }
  },
)

t.test('a response that is no representation does not follow return=representation', async (t) => {
  const app = await build(t)
  const request = write('POST', '/mirror', { prefer: 'return=representation' }, NOTE)
  const headers = { 'preference-applied': undefined, 'content-location': undefined }
  await expectReply(t, app, request, { headers })
})

t.test('Prefer changes neither reads nor errors', async (t) => {
  const app = await build(t)
  const prefer = 'return=minimal'
  const headers = { 'preference-applied': undefined }
  await expectReply(t, app, { url: '/notes/123', headers: { prefer } }, { headers })
  const refused = put(123, { prefer, 'if-match': '"x"' })
  await expectReply(t, app, refused, { status: 412, headers })
})

t.test('a repeat with Idempotency-Key may ask for another response', async (t) => {
  const app = await build(t)
  const key = { ...JSON_ONLY, 'idempotency-key': 'a' }
  const minimal = await app.inject(post({ ...key, prefer: 'return=minimal' }))
  const whole = await app.inject(post(key))
  t.same([minimal.statusCode, whole.statusCode], [201, 201])
  t.same(minimal.headers.location, whole.headers.location)
  t.match(whole.json(), NOTE)
})

t.test('a stream that is not sent is closed', async (t) => {
  const streams: Readable[] = []
  const app = await buildWith(t, async (app: FastifyInstance) => {
    app.post('/stream', (_request, reply) => {
      const stream = Readable.from(['text'])
      streams.push(stream)
      return reply.send(stream)
    })
  })
  const reply = await app.inject(write('POST', '/stream', { prefer: 'return=minimal' }))
  t.equal(reply.statusCode, 204)
  t.ok(streams[0]?.destroyed)
})

t.test('an error has no Content-Location', async (t) => {
  const app = await buildWith(t, async (app: FastifyInstance) => {
    app.put('/late', (_request, reply) => {
      reply.version({ version: '1' })
      throw new Error('late')
    })
  })
  const headers = { 'content-location': undefined, etag: undefined }
  await expectReply(t, app, write('PUT', '/late'), { status: 500, headers })
})

t.test('the OpenAPI document declares the responses without content', async (t) => {
  const app = await build(t)
  await app.ready()
  const { paths } = app.openApiDocument()
  const { put, get } = Object(paths['/notes/{noteId}'])
  t.match(put.responses[204], { description: /prefers no content/ })
  t.ok(put.responses[200].headers['Content-Location'])
  t.notOk(put.responses[201].headers.ETag.required, 'a created note may have no ETag')
  t.notOk(put.responses[204].headers.ETag)
  t.ok(Object(paths['/notes/{noteId}']).patch.responses[204].headers.ETag)
  t.ok(JSON.stringify(put.parameters).includes('/Prefer"'))
  t.notOk(JSON.stringify(get).match(/Prefer/))
  const mirror = Object(paths['/mirror']).get
  t.notOk(mirror.responses[204] ?? mirror.responses[200].headers['Preference-Applied'])
})

import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import t from 'tap'
import { build, buildWith, expectReply, write } from '../app.ts'
import '../fixtures/register.ts'

const BEHIND = { FORWARDED_PREFIX: 'true', TRUST_PROXY: '127.0.0.1 10.0.0.0/8 fd00::/8 ::1' }
const NOTE = { title: 'Title', body: 'Body', author: 'Author' }
const PREFIX = { 'x-forwarded-prefix': '/api/v1' }

t.test('Location and Link begin with the prefix', async (t) => {
  const app = await build(t, BEHIND)
  const location = '/api/v1/notes/124'
  await expectReply(t, app, write('POST', '/notes', PREFIX, NOTE), {
    status: 201,
    headers: { location },
  })
  const list = { url: '/notes?limit=1', headers: PREFIX }
  const { headers } = await expectReply(t, app, list, {})
  t.match(
    headers.link,
    /^<\/api\/v1\/notes\?limit=1>; rel="first", <\/api\/v1\/notes\?limit=1&after=/,
  )
  const known = { ...PREFIX, 'if-none-match': String(headers.etag) }
  const unchanged = await app.inject({ ...list, headers: known })
  t.equal(unchanged.statusCode, 304)
  t.equal(unchanged.headers.link, headers.link)
  const [, next = ''] = /, <\/api\/v1(\/notes[^>]+)>; rel="next"/.exec(String(headers.link)) ?? []
  await expectReply(t, app, { url: next, headers: PREFIX }, {})
})

t.test('Content-Location begins with the prefix', async (t) => {
  const app = await buildWith(
    t,
    async (app) => {
      app.get('/here', (_request, reply) => reply.header('content-location', '/there').send('text'))
    },
    BEHIND,
  )
  const headers = { 'content-location': '/api/v1/there' }
  await expectReply(t, app, { url: '/here', headers: PREFIX }, { headers })
})

t.test('URLs in bodies begin with the prefix', async (t) => {
  const app = await build(t, BEHIND)
  const read = async (url: string) =>
    await app.inject({ url, headers: { accept: 'application/json', ...PREFIX } })
  t.equal((await read('/')).json().links.notes, '/api/v1/notes')
  t.equal((await read('/nowhere')).json().message, 'Not Found: http://localhost:80/api/v1/nowhere')
  const catalog = await app.inject({ url: '/.well-known/api-catalog', headers: PREFIX })
  t.equal(catalog.json().linkset[1].anchor, 'http://localhost:80/api/v1/')
})

t.test('the server of the OpenAPI document has the prefix', async (t) => {
  const app = await build(t, BEHIND)
  for (const [prefix, url] of [
    ['', '/'],
    ['/api/v1', '/api/v1/'],
    ['/other', '/other/'],
    ['/api/v1', '/api/v1/'],
  ] as const) {
    const reply = await app.inject({
      url: '/openapi.json',
      headers: { 'x-forwarded-prefix': prefix },
    })
    t.match(reply.json().servers, [{ url }])
    const yaml = await app.inject({
      url: '/openapi.yaml',
      headers: { 'x-forwarded-prefix': prefix },
    })
    t.match(yaml.body, `  - url: ${url}\n`)
  }
})

t.test('an invalid prefix of a trusted proxy gets 400', async (t) => {
  const app = await build(t, BEHIND)
  for (const field of ['//evil.example', '/..', 'https://evil.example']) {
    const request = { url: '/notes', headers: { 'x-forwarded-prefix': field } }
    const message = 'Bad Request: X-Forwarded-Prefix is not a path such as /api'
    await expectReply(t, app, request, { status: 400, body: { status: 400, message } })
  }
})

const PEERS: [address: string | undefined, isTrusted: boolean][] = [
  ['127.0.0.1', true],
  ['10.1.2.3', true],
  ['::ffff:10.1.2.3', true],
  ['fd00::1', true],
  ['::1', true],
  ['11.0.0.1', false],
  ['::ffff:11.0.0.1', false],
  ['fe80::1', false],
  ['::2', false],
]

for (const [remoteAddress, isTrusted] of PEERS) {
  t.test(`the prefix of ${remoteAddress} is ${isTrusted ? 'used' : 'ignored'}`, async (t) => {
    const app = await build(t, BEHIND)
    const request = { url: '/', headers: { accept: 'application/json', ...PREFIX }, remoteAddress }
    const { links } = (await app.inject(request)).json()
    t.equal(links.notes, isTrusted ? '/api/v1/notes' : '/notes')
  })
}

t.test('the prefix of a peer without an address, as of a Unix socket, is ignored', async (t) => {
  const app = await build(t, BEHIND)
  // The folder of the test has too long a path for a socket.
  const directory = mkdtempSync(join(tmpdir(), 'prefix-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  const socketPath = join(directory, 'socket')
  await app.listen({ path: socketPath })
  const headers = { accept: 'application/json', ...PREFIX }
  const [reply] = await once(get({ socketPath, path: '/', headers }), 'response')
  t.match(await json(reply), { links: { notes: '/notes' } })
})

t.test('without FORWARDED_PREFIX the field is ignored, even of a trusted proxy', async (t) => {
  const app = await build(t, { TRUST_PROXY: BEHIND.TRUST_PROXY })
  for (const field of ['/api', '//evil.example']) {
    const headers = { 'x-forwarded-prefix': field }
    await expectReply(t, app, write('POST', '/notes', headers, NOTE), { status: 201 })
    const { link } = (await app.inject({ url: '/notes', headers })).headers
    t.match(link, /^<\/notes/)
  }
})

t.test('a trusted proxy may send no prefix', async (t) => {
  const app = await build(t, BEHIND)
  const location = '/notes/124'
  await expectReply(t, app, write('POST', '/notes', {}, NOTE), {
    status: 201,
    headers: { location },
  })
})

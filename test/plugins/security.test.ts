import t from 'tap'
import { HTTPS_SECURITY_FIELDS } from '../../src/http/security-fields.ts'
import { build, buildWith, expectReply, write } from '../app.ts'
import '../fixtures/register.ts'

const REPLIES: [url: string, accept: string, status: number][] = [
  ['/greeting', '*/*', 200],
  ['/greeting', 'application/json', 200],
  ['/greeting', 'text/html', 200],
  ['/greeting', 'image/png', 406],
  ['/nowhere', 'text/html', 404],
]

const HSTS = 'strict-transport-security'
const POLICY = 'content-security-policy'
const REFERRER = 'referrer-policy'

for (const [url, accept, status] of REPLIES) {
  t.test(`${url} as ${accept} has the security header fields`, async (t) => {
    const app = await build(t, { TRUST_PROXY: '10.0.0.1' })
    const byHttps = { accept, 'x-forwarded-proto': 'https' }
    const request = { url, headers: byHttps, remoteAddress: '10.0.0.1' }
    const { [POLICY]: _policy, [REFERRER]: _referrer, ...fields } = HTTPS_SECURITY_FIELDS
    await expectReply(t, app, request, { status, headers: fields })
    const plain = await expectReply(
      t,
      app,
      { ...request, remoteAddress: '192.0.2.1' },
      { status, headers: { [HSTS]: undefined } },
    )
    t.notOk(plain.headers.server, 'responses do not name the server software')
    t.notOk(plain.headers['x-powered-by'])
  })
}

t.test('a route can set its own policy, which does not apply to error responses', async (t) => {
  const policy = "default-src 'none'; style-src 'self'"
  const app = await buildWith(t, async (app) => {
    app.get('/page/:kind', async ({ params }, reply) => {
      reply.header(POLICY, policy).type('text/html; charset=utf-8')
      if ((params as { kind: string }).kind === 'bad') throw new Error('no page')
      return '<p>styled'
    })
  })
  const headers = { [POLICY]: policy, [REFERRER]: 'no-referrer' }
  await expectReply(t, app, { url: '/page/good' }, { headers })
  await expectReply(t, app, { url: '/page/bad' }, { status: 500 })
  await expectReply(t, app, { url: '/%ff' }, { status: 400 })
})

t.test(
  'a route can declare Cross-Origin-Resource-Policy, which does not apply to its errors',
  async (t) => {
    const app = await buildWith(t, async (app) => {
      const config = { resourcePolicy: 'cross-origin' } as const
      app.get('/pictures/:id', { config }, async () => 'a picture')
      const options = { config, onRequest: app.requireAuth() }
      app.get('/protected', options, async () => 'a picture')
      app.get('/broken', { config: { resourcePolicy: 'same-site' } }, async () => {
        throw new Error('no picture')
      })
    })
    const shared = { 'cross-origin-resource-policy': 'cross-origin' }
    const replies: [url: string, status: number, policy: string][] = [
      ['/pictures/1', 200, 'cross-origin'],
      ['/broken', 500, 'same-origin'],
      ['/protected', 401, 'same-origin'],
      ['/greeting', 200, 'same-origin'],
      ['/nowhere', 404, 'same-origin'],
      ['/%ff', 400, 'same-origin'],
    ]
    for (const [url, status, policy] of replies) {
      const { headers, statusCode } = await app.inject(url)
      t.equal(statusCode, status, url)
      t.equal(headers['cross-origin-resource-policy'], policy, url)
    }
    const head = await app.inject({ method: 'HEAD', url: '/pictures/1' })
    t.match(head.headers, shared)
  },
)

t.test('a route with an unknown Cross-Origin-Resource-Policy is refused', async (t) => {
  const routes = buildWith(t, async (app) => {
    // @ts-expect-error -- the type has no such value
    app.get('/pictures', { config: { resourcePolicy: 'everyone' } }, async () => '')
  })
  await t.rejects(routes, {
    message: 'GET /pictures, config.resourcePolicy must be same-site or cross-origin, not everyone',
  })
})

const FOREIGN = { 'sec-fetch-site': 'cross-site', origin: 'https://elsewhere.example' }

const URLENCODED = 'application/x-www-form-urlencoded'

const WRITES: [title: string, fields: Record<string, string>, status: number][] = [
  ['a page of another origin', FOREIGN, 403],
  [
    'a page of another origin, but of the same site',
    { ...FOREIGN, 'sec-fetch-site': 'same-site' },
    403,
  ],
  ['a page with an opaque origin', { ...FOREIGN, origin: 'null' }, 403],
  ['a page of an origin in CORS_ORIGIN', { ...FOREIGN, origin: 'https://friend.example' }, 201],
  ['a page of the same origin', { ...FOREIGN, 'sec-fetch-site': 'same-origin' }, 201],
  ['a user action outside of a page', { 'sec-fetch-site': 'none' }, 201],
  ['a client that is not a browser', {}, 201],
  ['a page of another origin, over plain HTTP', { origin: 'https://elsewhere.example' }, 403],
  ['a page with an opaque origin, over plain HTTP', { origin: 'null' }, 403],
  [
    'a page of an origin in CORS_ORIGIN, over plain HTTP',
    { origin: 'https://friend.example' },
    201,
  ],
  ['a page of the same origin, over plain HTTP', { origin: 'http://localhost' }, 201],
]

for (const [title, fields, status] of WRITES) {
  t.test(`a write by ${title} gets ${status}`, async (t) => {
    const app = await build(t, { CORS_ORIGIN: 'https://friend.example' })
    const headers = { host: 'localhost', 'content-type': URLENCODED, ...fields }
    await expectReply(
      t,
      app,
      { method: 'POST', url: '/files', headers, payload: 'a=1' },
      { status },
    )
    t.equal((await app.inject('/files/1')).statusCode, status === 201 ? 200 : 404)
  })
}

t.test(
  'the origin of a request behind a proxy has the scheme and host from TRUST_PROXY',
  async (t) => {
    const app = await build(t, { TRUST_PROXY: '10.0.0.1' })
    const headers = {
      host: 'api.example',
      'x-forwarded-proto': 'https',
      'content-type': URLENCODED,
    }
    for (const [origin, status] of [
      ['https://api.example', 201],
      ['http://api.example', 403],
    ] as const) {
      const request = {
        method: 'POST' as const,
        url: '/files',
        headers: { ...headers, origin },
        payload: 'a=1',
        remoteAddress: '10.0.0.1',
      }
      await expectReply(t, app, request, { status })
    }
  },
)

const ANY_ORIGIN: [type: string | undefined, fields: Record<string, string>, status: number][] = [
  [URLENCODED, FOREIGN, 403],
  ['Multipart/Form-Data; boundary=a', FOREIGN, 403],
  ['text/plain ;charset=utf-8', FOREIGN, 403],
  ['text/plain', { origin: 'null' }, 403],
  ['text/plain', { origin: 'https://elsewhere.example' }, 403],
  [undefined, FOREIGN, 403],
  ['application/json', { ...FOREIGN, 'sec-fetch-mode': 'navigate' }, 403],
  ['application/json', FOREIGN, 201],
  ['application/json', { origin: 'https://elsewhere.example' }, 201],
  ['text/plain', { 'sec-fetch-site': 'same-origin' }, 201],
  ['text/plain', {}, 201],
]

for (const [type, fields, status] of ANY_ORIGIN) {
  const title = `with CORS_ORIGIN=*, a write of ${type} with ${JSON.stringify(fields)} gets ${status}`
  t.test(title, async (t) => {
    const app = await build(t, { CORS_ORIGIN: '*' })
    const headers = { ...(type && { 'content-type': type }), ...fields }
    const payload = type && { payload: '{}' }
    const { statusCode, body } = await app.inject({
      method: 'POST',
      url: '/files',
      headers,
      ...payload,
    })
    t.equal(statusCode, status)
    if (status === 403) t.match(body, 'forms of other origins are not allowed')
  })
}

t.test('with CORS_ORIGIN=*, scripts can send a DELETE, which has no Content-Type', async (t) => {
  const app = await build(t, { CORS_ORIGIN: '*' })
  const request = write('DELETE', '/notes/123', { ...FOREIGN, 'if-match': '*' })
  await expectReply(t, app, request, { status: 204 })
})

t.test('a page of another origin may link to the API', async (t) => {
  await expectReply(t, await build(t), { url: '/greeting', headers: FOREIGN }, { status: 200 })
})

import type { InjectOptions } from 'fastify'
import t from 'tap'
import { AUTHORIZATION, build, expectReply } from '../app.ts'
import '../fixtures/register.ts'

const PAGE = 'https://www.example'
const LISTED = { CORS_ORIGIN: `http://localhost:8080, ${PAGE}` }

const from = (origin: string, request: InjectOptions): InjectOptions => ({
  ...request,
  headers: { ...request.headers, origin },
})

const preflight = (url: string, origin = PAGE, method = 'PUT'): InjectOptions =>
  from(origin, {
    method: 'OPTIONS',
    url,
    headers: {
      'access-control-request-method': method,
      'access-control-request-headers': 'if-match',
    },
  })

const NOTHING = {
  'access-control-allow-origin': undefined,
  'access-control-expose-headers': undefined,
  'access-control-allow-methods': undefined,
  'access-control-allow-headers': undefined,
  'access-control-allow-credentials': undefined,
  'access-control-max-age': undefined,
}
const READABLE = {
  ...NOTHING,
  'access-control-allow-origin': PAGE,
  'access-control-expose-headers': '*',
}
const NEGOTIATED = 'Accept, Accept-Encoding'
const VARIED = { vary: `${NEGOTIATED}, Origin` }

const REPLIES: [request: InjectOptions, status: number][] = [
  [{ url: '/greeting' }, 200],
  [{ url: '/notes/4' }, 404],
  [{ url: '/nowhere' }, 404],
  [{ url: '/vault' }, 401],
  [{ url: '/vault', headers: { authorization: AUTHORIZATION } }, 200],
  [{ url: '/greeting', headers: { accept: 'image/png' } }, 406],
  [{ method: 'PUT', url: '/greeting' }, 405],
  [{ url: '/greeting', headers: { expect: 'x' } }, 417],
  [{ url: '/notes/123', headers: { 'if-none-match': '*' } }, 304],
]

for (const [request, status] of REPLIES) {
  const title = `${request.method ?? 'GET'} ${String(request.url)} (${status})`
  t.test(`${title} has no CORS fields without CORS_ORIGIN`, async (t) => {
    const { headers } = await (await build(t)).inject(from(PAGE, request))
    for (const [name, value] of Object.entries({ ...NOTHING, vary: NEGOTIATED })) {
      t.equal(headers[name], value, name)
    }
  })

  t.test(`${title} can be read only by pages of an allowed origin`, async (t) => {
    const app = await build(t, LISTED)
    for (const [origin, fields] of [
      [PAGE, READABLE],
      ['https://evil.example', NOTHING],
      [`${PAGE}.evil.example`, NOTHING],
      ['http://www.example', NOTHING],
      ['null', NOTHING],
    ] as const) {
      const reply = await app.inject(from(origin, request))
      const isRefused = request.method === 'PUT' && fields === NOTHING // a write of another origin
      t.equal(reply.statusCode, isRefused ? 403 : status)
      for (const [name, value] of Object.entries({ ...fields, ...VARIED })) {
        t.equal(reply.headers[name], value, `${origin}: ${name}`)
      }
    }
  })

  t.test(`${title} can be read by all pages with CORS_ORIGIN=*`, async (t) => {
    const { headers } = await (await build(t, { CORS_ORIGIN: '*' })).inject(request)
    const fields = { ...READABLE, 'access-control-allow-origin': '*', vary: NEGOTIATED }
    for (const [name, value] of Object.entries(fields)) t.equal(headers[name], value, name)
  })
}

t.test('pages of subdomains can read responses if CORS_ORIGIN has a pattern', async (t) => {
  const app = await build(t, { CORS_ORIGIN: 'https://*.friend.example, tauri://localhost' })
  for (const origin of ['https://www.friend.example', 'tauri://localhost']) {
    const headers = { 'access-control-allow-origin': origin, ...VARIED }
    await expectReply(t, app, from(origin, { url: '/greeting' }), { headers })
    await expectReply(t, app, preflight('/notes', origin, 'POST'), { status: 204, headers })
  }
  for (const origin of ['https://friend.example', 'https://evil.example/.friend.example']) {
    await expectReply(t, app, from(origin, { url: '/greeting' }), {
      headers: { ...NOTHING, ...VARIED },
    })
  }
})

t.test('the response to a URL that the router refuses has CORS fields', async (t) => {
  const app = await build(t, LISTED)
  const headers = { 'access-control-allow-origin': PAGE }
  await expectReply(t, app, from(PAGE, { url: '/%ff' }), { status: 400, headers })
})

const ALLOWED: [url: string, methods: string][] = [
  ['/greeting', 'GET, HEAD, OPTIONS'],
  ['/notes', 'GET, HEAD, OPTIONS, POST'],
  ['/notes/123', 'DELETE, GET, HEAD, OPTIONS, PATCH, PUT'],
]

for (const [url, methods] of ALLOWED) {
  t.test(`a preflight of ${url} allows the methods of the resource`, async (t) => {
    const app = await build(t, LISTED)
    await expectReply(t, app, preflight(url), {
      status: 204,
      headers: {
        ...READABLE,
        ...VARIED,
        allow: methods,
        'access-control-allow-methods': methods,
        'access-control-allow-headers': '*, Authorization',
        'access-control-max-age': '7200',
      },
    })
    await expectReply(t, app, preflight(url, 'https://evil.example'), {
      status: 204,
      headers: { ...NOTHING, ...VARIED, allow: methods },
    })
    const { headers = {}, ...request } = preflight(url)
    await expectReply(
      t,
      app,
      { ...request, headers: { origin: headers.origin } },
      { status: 204, headers: { ...READABLE, allow: methods } },
    )
  })
}

t.test('a preflight of an unknown path gets 404', async (t) => {
  const app = await build(t, LISTED)
  await expectReply(t, app, preflight('/nowhere'), { status: 404, headers: READABLE })
})

import { text } from 'node:stream/consumers'
import t from 'tap'
import '../fixtures/register.ts'
import { buildAdminApp } from '../../src/admin-app.ts'
import { ACCOUNT, build, expectReply } from '../app.ts'
import { connectTo } from '../socket.ts'

const WWW = { ...ACCOUNT, ALLOWED_HOSTS: 'www.example, API.example [2001:db8::1] 10.0.0.1' }

const BY_PROXY = { ...WWW, TRUST_PROXY: '127.0.0.1' }

const CASES: [title: string, settings: Record<string, string>, host: string, isServed: boolean][] =
  [
    ["with the tutorial's accounts", {}, 'localhost', true],
    ["with the tutorial's accounts", {}, 'LocalHost:5000', true],
    ["with the tutorial's accounts", {}, '127.0.0.1:5000', true],
    ["with the tutorial's accounts", {}, '127.1.2.3', true],
    ["with the tutorial's accounts", {}, '[::1]:5000', true],
    ["with the tutorial's accounts", {}, 'evil.example', false],
    ["with the tutorial's accounts", {}, 'evil.localhost', false],
    ["with the tutorial's accounts", {}, '127.0.0.1.evil.example', false],
    ["with the tutorial's accounts", {}, '128.0.0.1', false],
    ["with the tutorial's accounts", {}, '[::2]', false],
    ["with the tutorial's accounts", { ALLOWED_HOSTS: 'evil.example' }, 'evil.example', false],
    ["with the tutorial's accounts", { ALLOWED_HOSTS: '127.0.0.1' }, 'localhost', false],
    ["with the tutorial's accounts", { ALLOWED_HOSTS: '127.0.0.1' }, '127.0.0.1', true],
    ['with an account', ACCOUNT, 'evil.example', true],
    ['with ALLOWED_HOSTS', WWW, 'www.example', true],
    ['with ALLOWED_HOSTS', WWW, 'WWW.example:8443', true],
    ['with ALLOWED_HOSTS', WWW, 'api.EXAMPLE', true],
    ['with ALLOWED_HOSTS', WWW, '[2001:DB8::1]:80', true],
    ['with ALLOWED_HOSTS', WWW, '10.0.0.1', true],
    ['with ALLOWED_HOSTS', WWW, 'localhost', false],
    ['with ALLOWED_HOSTS', WWW, 'evil.www.example', false],
    ['with ALLOWED_HOSTS', WWW, 'www.example.', false],
  ]

for (const [title, settings, host, isServed] of CASES) {
  t.test(`${title}, the host ${host} gets ${isServed ? 200 : 421}`, async (t) => {
    const app = await build(t, settings)
    const request = { url: '/greeting', headers: { host } }
    for (const title of ['first', 'second'])
      await t.test(title, (t) => expectReply(t, app, request, { status: isServed ? 200 : 421 }))
  })
}

t.test('a 421 says which hosts are served', async (t) => {
  const of = async (settings: Record<string, string>, url: string) => {
    const app = await build(t, settings)
    return (await app.inject({ url, headers: { host: 'evil.example' } })).json()
  }
  const local = {
    status: 421,
    message:
      "Misdirected Request: with the tutorial's accounts, the host must be localhost, 127.0.0.1 or [::1]",
  }
  t.same(await of({}, '/greeting'), local)
  t.same(await of({}, '/%ff'), local, 'also for a URL that the router refuses')
  t.same(await of(WWW, '/nope'), {
    status: 421,
    message: 'Misdirected Request: this host is not served here',
  })
})

t.test('the host that a trusted proxy names must be allowed', async (t) => {
  const app = await build(t, BY_PROXY)
  for (const [host, status] of [
    ['www.example', 200],
    ['evil.example', 421],
  ] as const) {
    const request = { url: '/greeting', headers: { host } }
    await expectReply(t, app, request, { status })
  }
})

for (const [name, value] of [
  ['x-forwarded-for', '192.0.2.1'],
  ['x-forwarded-proto', 'https'],
  ['x-real-ip', '192.0.2.1'],
  ['forwarded', 'for=192.0.2.1'],
  ['via', '1.1 proxy'],
  ['x-forwarded-host', 'api.example'],
  ['x-client-ip', '192.0.2.1'],
  ['true-client-ip', '192.0.2.1'],
  ['cf-connecting-ip', '192.0.2.1'],
] as const) {
  t.test(`with the tutorial's accounts, a request with ${name} gets 421`, async (t) => {
    const request = { url: '/greeting', headers: { host: 'localhost', [name]: value } }
    const app = await build(t)
    await expectReply(t, app, { ...request, headers: { host: 'localhost' } }, {})
    const { body } = await expectReply(t, app, request, { status: 421 })
    t.match(body, `requests from a proxy are refused, such as those with ${name}`)
    await expectReply(t, await build(t, ACCOUNT), request, {})
  })
}

t.test("with the tutorial's accounts, requests from other machines get 421", async (t) => {
  const app = await build(t)
  for (const [remoteAddress, status] of [
    ['127.0.0.1', 200],
    ['127.1.2.3', 200],
    ['::1', 200],
    ['::ffff:127.0.0.1', 200],
    ['192.0.2.1', 421],
    ['2001:db8::1', 421],
    ['::ffff:192.0.2.1', 421],
  ] as const) {
    const request = { url: '/greeting', headers: { host: 'localhost' }, remoteAddress }
    await expectReply(t, app, request, { status })
  }
})

t.test('the host of a target in absolute form must be allowed, also in HTTP/1.0', async (t) => {
  const app = await build(t, WWW)
  for (const [url, status] of [
    ['http://www.example:80/greeting', 200],
    ['http://evil.example/greeting', 421],
    ['/greeting', 200],
  ] as const) {
    const socket = await connectTo(app)
    socket.end(`GET ${url} HTTP/1.0\r\n\r\n`)
    t.match(await text(socket), `HTTP/1.1 ${status} `, url)
  }
})

t.test('with an `authenticate` of its own, an app accepts all hosts', async (t) => {
  const app = await build(t, {}, { authenticate: async () => undefined })
  await expectReply(t, app, { url: '/greeting', headers: { host: 'api.example' } }, {})
})

t.test('the admin app accepts all hosts, since probes name the address of the pod', async (t) => {
  for (const settings of [{}, WWW]) {
    const admin = await buildAdminApp(await build(t, settings))
    const request = { url: '/health/live', headers: { host: '10.1.2.3:9464' } }
    t.equal((await admin.inject(request)).statusCode, 200)
  }
})

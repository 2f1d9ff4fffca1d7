import { createServer, request as send } from 'node:http'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { ACCOUNT, build, expectReply } from '../app.ts'
import { converse } from '../wire/client.ts'
import { portOf } from '../wire/run.ts'
import '../fixtures/register.ts'

const PROXY = '10.0.0.1'
const CLIENT = '192.0.2.1'
const DIRECT = 'http://api.example/notes/4'

/** Header fields and address of a sender, and the client and URL that the service must derive from them. */
const CASES: {
  title: string
  trusted?: string
  from?: string
  fields: Record<string, string>
  client: string
  url?: string
}[] = [
  {
    title: 'without TRUST_PROXY, forwarded fields are ignored',
    from: PROXY,
    fields: {
      'x-forwarded-for': CLIENT,
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      forwarded: `for=${CLIENT};host=evil.example;proto=https`,
    },
    client: PROXY,
  },
  {
    title: 'forwarded fields of an untrusted client are ignored',
    trusted: PROXY,
    from: '192.0.2.7',
    fields: {
      'x-forwarded-for': CLIENT,
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
    },
    client: '192.0.2.7',
  },
  {
    title: 'an untrusted client cannot forge the address of the proxy',
    trusted: PROXY,
    from: '192.0.2.7',
    fields: { 'x-forwarded-for': PROXY },
    client: '192.0.2.7',
  },
  {
    title: 'the forwarded fields of a trusted proxy are used',
    trusted: PROXY,
    from: PROXY,
    fields: {
      'x-forwarded-for': CLIENT,
      'x-forwarded-host': 'www.example:8443',
      'x-forwarded-proto': 'https',
    },
    client: CLIENT,
    url: 'https://www.example:8443/notes/4',
  },
  {
    title: 'a proxy is trusted on a dual-stack socket',
    trusted: PROXY,
    from: `::ffff:${PROXY}`,
    fields: { 'x-forwarded-for': CLIENT },
    client: CLIENT,
  },
  {
    title: 'values that the client put before those of the proxy are ignored',
    trusted: PROXY,
    from: PROXY,
    fields: {
      'x-forwarded-for': `203.0.113.9, ${CLIENT}`,
      'x-forwarded-host': 'evil.example, www.example',
      'x-forwarded-proto': 'http, https',
    },
    client: CLIENT,
    url: 'https://www.example/notes/4',
  },
  {
    title: 'in a chain of proxies, the last untrusted address is the client',
    trusted: '10.0.0.0/8',
    from: PROXY,
    fields: { 'x-forwarded-for': `203.0.113.9, ${CLIENT}, 10.1.2.3` },
    client: CLIENT,
  },
  {
    title: 'in a chain of proxies, addresses before an invalid address are ignored',
    trusted: '10.0.0.0/8',
    from: PROXY,
    fields: { 'x-forwarded-for': `${CLIENT}, <script>, 10.1.2.3` },
    client: 'unknown',
  },
  {
    title: 'a proxy that sends no forwarded fields is the client',
    trusted: PROXY,
    from: PROXY,
    fields: {},
    client: PROXY,
  },
]

const CHAIN: [fields: Record<string, string>, url: string][] = [
  [{ 'x-forwarded-proto': 'HTTPS' }, 'https://api.example'],
  [{ 'x-forwarded-proto': 'https, http' }, 'https://api.example'],
  [{ 'x-forwarded-proto': 'https,http , http' }, 'http://api.example'],
  [{ 'x-forwarded-proto': 'https' }, 'https://api.example'],
  [
    { 'x-forwarded-proto': 'https, http', 'x-forwarded-for': `${CLIENT}, 10.0.0.2, 10.0.0.3` },
    'https://api.example',
  ],
  [{ 'x-forwarded-host': 'evil.example' }, 'http://api.example'],
]

for (const [fields, url] of CHAIN) {
  t.test(`in a chain of proxies, ${JSON.stringify(fields)} results in ${url}`, async (t) => {
    const app = await build(t, { TRUST_PROXY: '10.0.0.0/8' })
    const headers = { host: 'api.example', 'x-forwarded-for': `${CLIENT}, 10.0.0.2`, ...fields }
    const request = { url: '/notes/4', headers, remoteAddress: PROXY }
    const body = { status: 404, message: `Not Found: ${url}/notes/4` }
    await expectReply(t, app, request, { status: 404, body })
  })
}

t.test('if all addresses are those of proxies, the first of them is the client', async (t) => {
  const app = await build(t, { TRUST_PROXY: '10.0.0.0/8' })
  const headers = {
    host: 'api.example',
    'x-forwarded-for': '10.0.0.2',
    'x-forwarded-proto': 'http, https',
  }
  const { body } = await app.inject({ url: '/notes/4', headers, remoteAddress: PROXY })
  t.match(body, 'https://api.example/notes/4')
})

for (const { title, trusted = '', from = '', fields, client, url = DIRECT } of CASES) {
  t.test(title, async (t) => {
    const settings = {
      ...ACCOUNT,
      TRUST_PROXY: trusted,
      RATE_LIMIT: '1',
      ...(trusted && { FORWARDED_HOST: 'true' }),
    }
    const request = {
      url: '/notes/4',
      remoteAddress: from,
      headers: { host: 'api.example', ...fields },
    }
    const message = `Not Found: ${url}`
    await expectReply(t, await build(t, settings), request, {
      status: 404,
      body: { status: 404, message },
    })
    const app = await build(t, settings)
    await app.inject({ url: '/greeting', remoteAddress: client })
    await expectReply(t, app, request, { status: 429 })
  })
}

const FORGED: Record<string, string>[] = [
  { 'x-forwarded-host': 'evil/<script>' },
  { 'x-forwarded-host': 'a b' },
  { 'x-forwarded-host': 'www.example:99999' },
  { 'x-forwarded-host': 'www.example,' },
  { 'x-forwarded-proto': 'javascript' },
  { 'x-forwarded-proto': 'https,' },
]

for (const fields of FORGED) {
  t.test(
    `${JSON.stringify(fields)} is refused from a trusted proxy, and ignored from other senders`,
    async (t) => {
      const app = await build(t, { TRUST_PROXY: PROXY, FORWARDED_HOST: 'true' })
      const request = { url: '/notes/4', headers: { host: 'api.example', ...fields } }
      await expectReply(t, app, { ...request, remoteAddress: PROXY }, { status: 400 })
      await expectReply(
        t,
        app,
        { ...request, remoteAddress: CLIENT },
        { status: 404, body: { status: 404, message: `Not Found: ${DIRECT}` } },
      )
    },
  )
}

t.test('a proxy may forward an HTTP/1.0 request without Host', async (t) => {
  const app = await build(t, { TRUST_PROXY: '127.0.0.1', FORWARDED_HOST: 'true' })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const ask = (field: string) =>
    converse(portOf(app.server), [`GET /greeting HTTP/1.0\r\n${field}\r\n\r\n`], {
      responses: 1,
      isClosed: true,
    })
  const statusOf = async (field: string) => (await ask(field)).responses.map(({ status }) => status)
  t.strictSame(await statusOf('X-Forwarded-Proto: https'), [200])
  t.strictSame(await statusOf('X-Forwarded-Proto: https\r\nX-Forwarded-Host: ,'), [400])
})

/** Starts a proxy that appends the address of its client to X-Forwarded-For. */
async function startHttpProxy(t: Test, app: FastifyInstance) {
  await app.listen({ host: '127.0.0.1', port: 0 })
  const proxy = createServer((incoming, outgoing) => {
    const { socket, headers, url } = incoming
    const before = headers['x-forwarded-for'] ?? []
    const fields = {
      ...headers,
      'x-forwarded-for': [before, socket.remoteAddress].flat().join(', '),
      'x-forwarded-proto': 'https',
    }
    send({ port: portOf(app.server), path: url, headers: fields }, (reply) => {
      outgoing.writeHead(Number(reply.statusCode), reply.headers)
      reply.pipe(outgoing)
    }).end()
  })
  proxy.listen(0, '127.0.0.1')
  await new Promise((resolve) => proxy.once('listening', resolve))
  t.teardown(() => proxy.close())
  return `http://127.0.0.1:${portOf(proxy)}`
}

t.test('a client behind a proxy cannot pose as another client', async (t) => {
  const app = await build(t, { TRUST_PROXY: '127.0.0.0/8', RATE_LIMIT: '2' })
  const url = await startHttpProxy(t, app)
  const forged = (client: string) =>
    fetch(`${url}/notes/4`, { headers: { 'x-forwarded-for': client } })
  // The proxy's own address is trusted, so the entry before that address is the client.
  t.equal((await forged('192.0.2.1, 192.0.2.2')).status, 404)
  t.equal((await forged('192.0.2.3, 192.0.2.2')).status, 404)
  t.equal((await forged('192.0.2.4, 192.0.2.2')).status, 429)
  const reply = await forged('192.0.2.5')
  t.match(await reply.json(), { message: `Not Found: https://${new URL(url).host}/notes/4` })
})

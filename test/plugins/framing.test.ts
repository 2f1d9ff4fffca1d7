import { createServer, request as send } from 'node:http'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { build, expectReply } from '../app.ts'
import { converse } from '../wire/client.ts'
import { portOf } from '../wire/run.ts'

const PROXY = '10.0.0.1'
const CLIENT = '192.0.2.1'
const DIRECT = 'http://api.example/users/4'

/** Who sends what, and for whose request at which URL it is to be taken. */
const CASES: {
  title: string
  trusted?: string
  from?: string
  fields: Record<string, string>
  client: string
  url?: string
}[] = [
  {
    title: 'without TRUST_PROXY nobody is believed',
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
    title: 'a client is not believed',
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
    title: 'a client that names the proxy is not believed either',
    trusted: PROXY,
    from: '192.0.2.7',
    fields: { 'x-forwarded-for': PROXY },
    client: '192.0.2.7',
  },
  {
    title: 'a proxy is believed',
    trusted: PROXY,
    from: PROXY,
    fields: {
      'x-forwarded-for': CLIENT,
      'x-forwarded-host': 'www.example:8443',
      'x-forwarded-proto': 'https',
    },
    client: CLIENT,
    url: 'https://www.example:8443/users/4',
  },
  {
    title: 'a proxy on a socket for both versions of IP is believed',
    trusted: PROXY,
    from: `::ffff:${PROXY}`,
    fields: { 'x-forwarded-for': CLIENT },
    client: CLIENT,
  },
  {
    title: 'what a client wrote in front of what the proxy adds does not count',
    trusted: PROXY,
    from: PROXY,
    fields: {
      'x-forwarded-for': `203.0.113.9, ${CLIENT}`,
      'x-forwarded-host': 'evil.example, www.example',
      'x-forwarded-proto': 'http, https',
    },
    client: CLIENT,
    url: 'https://www.example/users/4',
  },
  {
    title: 'of a chain of proxies the last that is not one of them is the client',
    trusted: '10.0.0.0/8',
    from: PROXY,
    fields: { 'x-forwarded-for': `203.0.113.9, ${CLIENT}, 10.1.2.3` },
    client: CLIENT,
  },
  {
    title: 'what is no address ends the chain',
    trusted: '10.0.0.0/8',
    from: PROXY,
    fields: { 'x-forwarded-for': `${CLIENT}, <script>, 10.1.2.3` },
    client: 'nobody knows',
  },
  {
    title: 'a proxy that says nothing is the client',
    trusted: PROXY,
    from: PROXY,
    fields: {},
    client: PROXY,
  },
]

for (const { title, trusted = '', from = '', fields, client, url = DIRECT } of CASES) {
  t.test(title, async (t) => {
    const settings = { TRUST_PROXY: trusted, RATE_LIMIT: '1' }
    const request = {
      url: '/users/4',
      remoteAddress: from,
      headers: { host: 'api.example', ...fields },
    }
    const message = `Not Found: ${url}`
    await expectReply(t, await build(t, settings), request, {
      status: 404,
      body: { status: 404, message },
    })
    const app = await build(t, settings)
    await app.inject({ url: '/hello', remoteAddress: client })
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
  t.test(`${JSON.stringify(fields)} is refused of a proxy, and ignored of others`, async (t) => {
    const app = await build(t, { TRUST_PROXY: PROXY })
    const request = { url: '/users/4', headers: { host: 'api.example', ...fields } }
    await expectReply(t, app, { ...request, remoteAddress: PROXY }, { status: 400 })
    await expectReply(
      t,
      app,
      { ...request, remoteAddress: CLIENT },
      { status: 404, body: { status: 404, message: `Not Found: ${DIRECT}` } },
    )
  })
}

t.test('a proxy may tell of a request without Host, in HTTP/1.0', async (t) => {
  const app = await build(t, { TRUST_PROXY: '127.0.0.1' })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const ask = (field: string) =>
    converse(portOf(app.server), [`GET /hello HTTP/1.0\r\n${field}\r\n\r\n`], {
      replies: 1,
      isClosed: true,
    })
  const statusOf = async (field: string) => (await ask(field)).replies.map(({ status }) => status)
  t.strictSame(await statusOf('X-Forwarded-Proto: https'), [200])
  t.strictSame(await statusOf('X-Forwarded-Proto: https\r\nX-Forwarded-Host: ,'), [400])
})

/** Starts a proxy that adds who is connected to it, as they do. */
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

t.test('through a proxy nobody is taken for another', async (t) => {
  const app = await build(t, { TRUST_PROXY: '127.0.0.0/8', RATE_LIMIT: '2' })
  const url = await startHttpProxy(t, app)
  const forged = (client: string) =>
    fetch(`${url}/users/4`, { headers: { 'x-forwarded-for': client } })
  // the proxy's own address is one of those that are trusted, so the entry before it counts
  t.equal((await forged('192.0.2.1, 192.0.2.2')).status, 404)
  t.equal((await forged('192.0.2.3, 192.0.2.2')).status, 404)
  t.equal((await forged('192.0.2.4, 192.0.2.2')).status, 429)
  const reply = await forged('192.0.2.5')
  t.match(await reply.json(), { message: `Not Found: https://${new URL(url).host}/users/4` })
})

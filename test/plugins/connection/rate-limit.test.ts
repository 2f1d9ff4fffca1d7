/** Tests that every response on a connection counts towards RATE_LIMIT, also if Fastify never gets the request. */
import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { build } from '../../app.ts'
import { startRedis } from '../../redis-server.ts'
import { skipUnless } from '../../requirement.ts'
import { connectTo, parseReply, readAll } from '../../socket.ts'
import '../../fixtures/register.ts'

const skip = skipUnless('redis-server')

const HOST = 'Host: localhost\r\n'
const CLOSE = `${HOST}Connection: close\r\n`
const CHUNKED = 'Transfer-Encoding: chunked\r\n\r\n'
const UPGRADE =
  'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n'
const GOOD = `GET /greeting HTTP/1.1\r\n${CLOSE}\r\n`

/** Sends bytes on a new connection, and returns the bytes that are received until it is closed. */
async function send(app: FastifyInstance, bytes: string, localAddress?: string): Promise<string> {
  const socket = await connectTo(app, localAddress)
  const text = readAll(socket)
  socket.write(bytes)
  return text
}

/** Sends a good request, and returns the number of requests left. */
async function leftAfterGood(app: FastifyInstance, localAddress?: string): Promise<number> {
  const { headers } = parseReply(await send(app, GOOD, localAddress))
  return Number(/r=(\d+)/.exec(String(headers.ratelimit))?.[1])
}

/** Bytes of one request, and the status of its response. */
const ONCE: [title: string, bytes: string, status: number][] = [
  ['a malformed request line', 'NOT HTTP\r\n\r\n', 400],
  ['a malformed field', `GET / HTTP/1.1\r\n${HOST}no colon\r\n\r\n`, 400],
  ['a head over 16 KiB', `GET / HTTP/1.1\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
  ['a target over 16 KiB', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n\r\n`, 414],
  ['a target over 8,000 bytes', `GET /${'a'.repeat(8_001)} HTTP/1.1\r\n${CLOSE}\r\n`, 414],
  ['CONNECT', 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n', 501],
  ['a method that the parser does not know', `NEW /greeting HTTP/1.1\r\n${CLOSE}\r\n`, 501],
  ['a method that only the parser knows', `PROPFIND /greeting HTTP/1.1\r\n${CLOSE}\r\n`, 501],
  ['TRACE', `TRACE /greeting HTTP/1.1\r\n${CLOSE}\r\n`, 501],
  ['HTTP/1.2', `GET /greeting HTTP/1.2\r\n${CLOSE}\r\n`, 505],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 505],
  ['a TLS handshake', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
  ['two lengths', `POST /files HTTP/1.1\r\n${CLOSE}Content-Length: 0\r\n${CHUNKED}`, 400],
  ['a malformed chunk', `POST /files HTTP/1.1\r\n${HOST}${CHUNKED}ZZ\r\n`, 400],
  [
    'a malformed chunk with unreadable credentials',
    `POST /notes HTTP/1.1\r\n${HOST}Authorization: x\r\n${CHUNKED}ZZ\r\n`,
    400,
  ],
  [
    'a malformed chunk after a bad path',
    `POST /notes/%zz HTTP/1.1\r\n${HOST}${CHUNKED}ZZ\r\n`,
    400,
  ],
  ['half a head', `GET /greeting HTTP/1.1\r\n${HOST}X`, 408],
  [
    'half a body',
    `POST /files HTTP/1.1\r\n${HOST}Content-Type: text/plain\r\nContent-Length: 5\r\n\r\nhe`,
    408,
  ],
  ['no Host', 'GET /greeting HTTP/1.1\r\n\r\n', 400],
  ['an invalid Host', 'GET /greeting HTTP/1.1\r\nHost: a/b\r\n\r\n', 400],
  ['a missing resource', `GET /nowhere HTTP/1.1\r\n${CLOSE}\r\n`, 404],
  ['a method that the resource lacks', `PUT /greeting HTTP/1.1\r\n${CLOSE}\r\n`, 405],
  ['a path that is not UTF-8', `GET /%ff HTTP/1.1\r\n${CLOSE}\r\n`, 400],
  ['OPTIONS', `OPTIONS /greeting HTTP/1.1\r\n${CLOSE}\r\n`, 204],
  ['OPTIONS *', `OPTIONS * HTTP/1.1\r\n${CLOSE}\r\n`, 204],
  ['HEAD', `HEAD /greeting HTTP/1.1\r\n${CLOSE}\r\n`, 200],
  ['an upgrade', `GET /greeting HTTP/1.0\r\n${HOST}${UPGRADE}\r\n`, 200],
  ['100-continue', `GET /greeting HTTP/1.1\r\n${CLOSE}Expect: 100-continue\r\n\r\n`, 200],
  ['an unknown expectation', `GET /greeting HTTP/1.1\r\n${CLOSE}Expect: x\r\n\r\n`, 417],
  ['HTTP/1.0', `GET /greeting HTTP/1.0\r\n${HOST}\r\n`, 200],
]

for (const [title, bytes, status] of ONCE) {
  t.test(`${title} gets ${status}, and counts once towards the rate limit`, async (t) => {
    const app = await build(t, { RATE_LIMIT: '10', REQUEST_TIMEOUT: '500' })
    for (let count = 0; count < 2; count++) {
      t.equal(parseReply(await send(app, bytes)).status, status)
    }
    t.equal(await leftAfterGood(app), 7)
  })
}

/** Malformed bytes, which get 400. */
const BAD = 'NOT HTTP\r\n\r\n'

t.test('after malformed heads, a good request gets 429', async (t) => {
  const app = await build(t, { RATE_LIMIT: '2' })
  for (let count = 0; count < 3; count++) {
    t.equal(parseReply(await send(app, BAD)).status, 400)
  }
  t.equal(parseReply(await send(app, GOOD)).status, 429)
  t.equal(parseReply(await send(app, GOOD, '127.0.0.2')).status, 200)
})

t.test('a malformed head behind a request counts too', async (t) => {
  const app = await build(t, { RATE_LIMIT: '10' })
  const text = await send(app, `GET /greeting HTTP/1.1\r\n${HOST}\r\n${BAD}`)
  t.same(text.match(/(?<=HTTP\/1\.1 )\d+/g), ['200', '400'])
  t.equal(await leftAfterGood(app), 7)
})

t.test('malformed heads from a proxy in TRUST_PROXY do not count', async (t) => {
  const app = await build(t, { RATE_LIMIT: '10', TRUST_PROXY: '127.0.0.9' })
  for (const address of ['127.0.0.9', '127.0.0.8']) {
    t.equal(parseReply(await send(app, BAD, address)).status, 400)
  }
  t.equal(await leftAfterGood(app, '127.0.0.9'), 9)
  t.equal(await leftAfterGood(app, '127.0.0.8'), 8)
})

t.test('with RATE_LIMIT=0, malformed heads get 400 as before', async (t) => {
  const app = await build(t)
  t.equal(parseReply(await send(app, BAD)).status, 400)
})

t.test(
  'malformed heads count in Redis, and in this process after Redis fails',
  { skip },
  async (t) => {
    const redis = await startRedis(t)
    const app = await build(t, { RATE_LIMIT: '1000', REDIS_URL: redis.url })
    const other = await build(t, { RATE_LIMIT: '1000', REDIS_URL: redis.url })
    let last = await leftAfterGood(app)
    // Waits until both replicas are connected to Redis.
    while ((await leftAfterGood(other)) !== last - 1) last = await leftAfterGood(app)
    await send(app, BAD)
    t.equal(await leftAfterGood(other), last - 3)
    await redis.crash()
    t.equal(parseReply(await send(app, BAD)).status, 400)
    last = await leftAfterGood(app)
    t.equal(parseReply(await send(app, BAD)).status, 400)
    t.equal(await leftAfterGood(app), last - 2)
  },
)

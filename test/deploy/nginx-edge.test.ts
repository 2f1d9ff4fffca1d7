/** Limits, HTTPS and the access log of deploy/nginx.conf. */
import { readFileSync } from 'node:fs'
import { connect } from 'node:http2'
import { request } from 'node:https'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { type Certificate, createCertificate } from '../certificate.ts'
import { freePort } from '../free-port.ts'
import { skipUnless } from '../requirement.ts'
import { startFakes } from './fake-replicas.ts'
import { ACCESS_LOG, behindTls, withoutRequestLimit, withTls } from './nginx-configuration.ts'

const skip = skipUnless('nginx')

const LOOPBACK = '127.0.0.1'
const OTHER = { localAddress: '127.0.0.2' }

/** Limits of the configuration for a client. */
const MAX_REQUESTS_IN_PROGRESS = 200
const BURST = 200

/** Expects the response with which nginx refuses a request of a client over its limit. */
function matchRefusal(t: Test, reply: { headers: object; body: string } | undefined) {
  t.strictSame(JSON.parse(String(reply?.body)), { status: 429, message: 'Too Many Requests' })
  t.match(reply?.headers, { 'retry-after': '1', 'cache-control': 'no-store' })
}

t.test('nginx limits the requests per second of a client', { skip }, async (t) => {
  const { ask } = await startFakes(t)
  const replies: Awaited<ReturnType<typeof ask>>[] = []
  const isRefused = ({ status }: { status?: number | undefined }) => status === 429
  // Fewer at a time than may be in progress. A client that sends at most 100 per second is never refused.
  while (!replies.some(isRefused)) {
    replies.push(...(await Promise.all(Array.from({ length: 50 }, () => ask('GET')))))
  }
  t.ok(replies.findIndex(isRefused) >= BURST, 'a burst is served')
  matchRefusal(t, replies.find(isRefused))
  t.equal((await ask('GET', {}, '', OTHER)).status, 405, 'another client is served')
})

/** Sends requests that the replicas hold, 50 more than allowed, and returns the number that nginx refuses. */
async function countRefused(t: Test, headersOf: (index: number) => Record<string, string>) {
  const adapt = (configuration: string) =>
    behindTls(withoutRequestLimit(configuration), `${LOOPBACK}`)
  const { ask, replicas, received } = await startFakes(t, adapt)
  for (const replica of replicas) replica.isHolding = true
  const refused: Awaited<ReturnType<typeof ask>>[] = []
  const enough = new Promise<void>((resolve) => {
    for (let index = 0; index < MAX_REQUESTS_IN_PROGRESS + 50; index++) {
      ask('GET', headersOf(index)).then(
        (reply) => refused.push(reply) === 50 && resolve(),
        () => {}, // nginx cuts the others when the test ends
      )
    }
  })
  await enough
  while (received().length < MAX_REQUESTS_IN_PROGRESS) await new Promise(setImmediate)
  for (const replica of replicas) replica.isHolding = false
  matchRefusal(t, refused[0])
  return { count: refused.length, ask }
}

t.test('nginx limits the requests in progress of an IPv4 address', { skip }, async (t) => {
  const { count, ask } = await countRefused(t, () => ({ 'x-forwarded-for': '198.51.100.7' }))
  t.equal(count, 50)
  const { status } = await ask('GET', { 'x-forwarded-for': '198.51.100.8' })
  t.equal(status, 405, 'a neighbour is served')
})

t.test('nginx limits the requests in progress of an IPv6 /64 network', { skip }, async (t) => {
  const headersOf = (index: number) => ({ 'x-forwarded-for': `2001:db8::1:${index}` })
  const { count, ask } = await countRefused(t, headersOf)
  t.equal(count, 50)
  const { status } = await ask('GET', { 'x-forwarded-for': '2001:db8:0:1::1' })
  t.equal(status, 405, 'another network is served')
})

t.test('the access log of nginx has the request id, and no URL', { skip }, async (t) => {
  const { ask, received } = await startFakes(t)
  await ask('GET', { 'user-agent': '"quoted"' })
  const path = `${t.testdirName}/${ACCESS_LOG}`
  let log = ''
  while (!log.endsWith('\n')) log = readFileSync(path, 'utf8')
  t.match(JSON.parse(log), {
    reqId: received()[0]?.headers['x-request-id'],
    client: LOOPBACK,
    method: 'GET',
    status: '405',
    replica: /^127\.0\.0\.1:\d+$/,
  })
  t.notMatch(log, '/a')
})

t.test(
  'with the TLS block, nginx serves HTTPS and redirects HTTP',
  { skip: skip || skipUnless('openssl') },
  async (t) => {
    const port = await freePort()
    let files: Certificate | undefined
    const { ask, received } = await startFakes(t, (configuration) => {
      files = createCertificate(t)
      return withTls(configuration, port, files)
    })
    const { status, headers } = await ask('GET', { host: 'api.example:8080' })
    t.equal(status, 308)
    t.equal(headers.location, 'https://api.example/a//b?c=%2F')
    t.equal(received().length, 0)

    const ca = readFileSync(String(files?.certificate))
    const options = { host: 'localhost', port, ca, path: '/a', agent: false }
    const body = await new Promise((resolve, reject) =>
      request(options, (reply) => resolve(text(reply)))
        .on('error', reject)
        .end(),
    )
    t.equal(body, '{"status":405}')
    t.equal(received()[0]?.headers['x-forwarded-proto'], 'https')

    const session = connect(`https://localhost:${port}`, { ca })
    t.equal(await text(session.request({ ':path': '/a' })), '{"status":405}', 'over HTTP/2')
    session.close()
  },
)

/** Header fields of a proxy that terminates TLS. */
const FORWARDED = { 'x-forwarded-for': '192.0.2.1, 198.51.100.7', 'x-forwarded-proto': 'https' }

t.test(
  'behind a proxy that terminates TLS, nginx keeps the scheme and address of the client',
  { skip },
  async (t) => {
    const { ask, received } = await startFakes(t, (text) => behindTls(text, LOOPBACK))
    await ask('GET', FORWARDED)
    await ask('GET', FORWARDED, '', OTHER)
    const [trusted, untrusted] = received().map(({ headers }) => headers)
    t.match(trusted, { 'x-forwarded-for': '198.51.100.7', 'x-forwarded-proto': 'https' })
    t.match(untrusted, { 'x-forwarded-for': OTHER.localAddress, 'x-forwarded-proto': 'http' })
  },
)

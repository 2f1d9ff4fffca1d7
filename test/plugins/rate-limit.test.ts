import type { FastifyInstance, InjectOptions } from 'fastify'
import t, { type Test } from 'tap'
import { createToken, digestToken } from '../../plugins/auth/token.ts'
import { STYLESHEET } from '../../plugins/html-pages/static-files.ts'
import { buildAdminApp } from '../../src/admin-app.ts'
import { ACCOUNT, AUTHORIZATION, build, buildWith, createLog, expectReply } from '../app.ts'
import { readDebugTrace } from '../debug-trace.ts'
import { startRedis } from '../redis-server.ts'
import { skipUnless } from '../requirement.ts'
import '../fixtures/register.ts'

const skip = skipUnless('redis-server')

// Stops the clock, because a second could pass between two requests on a busy machine.
t.capture(performance, 'now', () => 0)

const LIMITED = { ...ACCOUNT, RATE_LIMIT: '2' }

/** Response to the third request if the limit is 2. */
const TOO_MANY = {
  status: 429,
  headers: {
    'ratelimit-policy': '"requests";q=2;w=60',
    ratelimit: '"requests";r=0;t=60',
    'retry-after': '60',
  },
  body: { status: 429, message: 'Too Many Requests: limit of 2 requests per minute reached' },
}

const EXHAUSTED = { headers: { ratelimit: '"requests";r=0;t=60' } }

async function exhaust(app: FastifyInstance, request: InjectOptions = { url: '/greeting' }) {
  await app.inject(request)
  await app.inject(request)
}

async function expectTooMany(t: Test, app: FastifyInstance, request: InjectOptions) {
  return expectReply(t, app, request, TOO_MANY)
}

t.test('responses state the number of requests left, and a 429 states when to retry', async (t) => {
  const app = await build(t, LIMITED)
  const policy = { 'ratelimit-policy': '"requests";q=2;w=60' }
  await expectReply(
    t,
    app,
    { url: '/greeting' },
    { headers: { ...policy, ratelimit: '"requests";r=1;t=60', 'retry-after': undefined } },
  )
  await expectReply(t, app, { url: '/greeting' }, EXHAUSTED)
  await expectTooMany(t, app, { url: '/greeting' })
  const elsewhere = { url: '/greeting', remoteAddress: '192.0.2.1' }
  await expectReply(t, app, elsewhere, { headers: { ratelimit: '"requests";r=1;t=60' } })
})

t.test('there are no RateLimit fields with RATE_LIMIT=0', async (t) => {
  const app = await build(t)
  const headers = { ratelimit: undefined, 'ratelimit-policy': undefined }
  await expectReply(t, app, { url: '/greeting' }, { headers })
})

const COUNTED: InjectOptions[] = [
  { url: '/nowhere' },
  { method: 'POST', url: '/greeting' },
  { url: '/greeting', headers: { accept: 'image/png' } },
  { url: '/notes/x' },
  { url: '/greeting?%' },
  { url: '/vault' },
  { url: '/greeting', headers: { authorization: AUTHORIZATION } },
  { url: '/nowhere', headers: { authorization: AUTHORIZATION } },
  { url: '/vault', headers: { authorization: 'x' } },
  { url: '/vault', headers: { authorization: 'Basic !!' } },
  { url: '/vault', headers: { authorization: 'Digest a=b' } },
  { url: '/vault', headers: { authorization: 'Bearer unknown' } },
  { url: '/vault?%', headers: { authorization: AUTHORIZATION } },
  { url: '/notes/', headers: { authorization: AUTHORIZATION } },
  { url: '/notes/%' },
  { url: '/notes/%', headers: { authorization: AUTHORIZATION } },
  { method: 'OPTIONS', url: '/greeting' },
  { method: 'OPTIONS', url: '/greeting', headers: { authorization: AUTHORIZATION } },
  { method: 'OPTIONS', url: '/nowhere' },
  { method: 'POST', url: '/files', headers: { origin: 'https://elsewhere.example' } },
  { url: '/greeting', headers: { expect: 'x' } },
  { url: '/greeting#' },
]

for (const request of COUNTED) {
  t.test(
    `${JSON.stringify(request)} is counted, and gets 429 before any other error`,
    async (t) => {
      const app = await build(t, LIMITED)
      await exhaust(app, request)
      await expectTooMany(t, app, request)
      await expectTooMany(t, app, { url: '/greeting' })
    },
  )
}

/** A response that a quota of 2 allows, with the requests left. */
const left = (quota: string, count: number) => ({
  headers: {
    'ratelimit-policy': `"${quota}";q=2;w=60`,
    ratelimit: `"${quota}";r=${count};t=60`,
  },
})

t.test('probes and files of pages have quotas of their own', async (t) => {
  const file = { url: STYLESHEET.path }
  const app = await build(t, { RATE_LIMIT: '2' })
  await exhaust(app)
  await expectTooMany(t, app, { url: '/greeting' })
  await expectReply(t, app, { url: '/health/live' }, left('probes', 1))
  await expectReply(t, app, { method: 'HEAD', url: '/health/ready' }, left('probes', 0))
  const refused = { ...left('probes', 0), status: 429, body: TOO_MANY.body }
  const retried = { ...refused, headers: { ...refused.headers, 'retry-after': '60' } }
  for (const url of ['/health/live', '/health/ready', '/metrics']) {
    await expectReply(t, app, { url }, retried)
  }
  await expectReply(t, app, { url: '/health/live', remoteAddress: '127.0.0.2' }, {})
  await expectReply(t, app, file, {})
  await expectReply(t, app, file, {})
  await expectReply(t, app, file, { ...left('assets', 0), status: 429 })
})

t.test('ADMIN_PORT has no rate limit', async (t) => {
  const admin = await buildAdminApp(await build(t, LIMITED))
  for (let count = 0; count < 4; count++) {
    const { statusCode, headers } = await admin.inject('/health/live')
    t.match({ statusCode, ...headers }, { statusCode: 200, ratelimit: undefined })
  }
})

t.test('requests of a quota of its own do not count towards other quotas', async (t) => {
  const app = await build(t, LIMITED)
  for (let count = 0; count < 4; count++) await exhaust(app, { url: '/health/live' })
  await expectReply(t, app, { url: '/greeting' }, left('requests', 1))
})

t.test('a probe counts for its address, also with credentials and after an error', async (t) => {
  const app = await buildWith(
    t,
    async (app) => {
      const options = { config: { rateLimit: 'probes' as const }, onRequest: app.requireAuth() }
      app.get('/probe', options, async () => 'probe')
    },
    LIMITED,
  )
  const headers = { authorization: AUTHORIZATION }
  await expectReply(t, app, { url: '/probe', headers }, left('probes', 1))
  await expectReply(t, app, { url: '/health/live', headers }, left('probes', 0))
  await expectReply(t, app, { url: '/probe', headers }, { ...left('probes', 0), status: 429 })
  const remoteAddress = '192.0.2.1'
  for (const status of [401, 401, 429]) {
    await expectReply(t, app, { url: '/probe', remoteAddress }, { status })
  }
  await expectReply(t, app, { url: '/vault', headers }, left('requests', 1))
})

t.test('the IPv6 /64 networks of a /56 share four times the limit of probes', async (t) => {
  const app = await build(t, LIMITED)
  const from = (remoteAddress: string) => ({ url: '/health/live', remoteAddress })
  for (let index = 0; index < 8; index++) {
    await expectReply(t, app, from(`2001:db8:0:${index}::1`), {})
  }
  await expectReply(t, app, from('2001:db8:0:ff::1'), { status: 429 })
  await expectReply(t, app, { ...from('2001:db8:0:ff::1'), url: '/greeting' }, {})
})

t.test('the IPv6 /64 networks of a /56 share four times the limit of a /64', async (t) => {
  const app = await build(t, LIMITED)
  const from = (remoteAddress: string) => ({ url: '/greeting', remoteAddress })
  for (let index = 0; index < 8; index++) {
    await expectReply(t, app, from(`2001:db8:0:${index}::1`), { status: 200 })
  }
  await expectTooMany(t, app, from('2001:db8:0:ff::1'))
  await expectReply(t, app, from('2001:db8:0:100::1'), { status: 200 })
})

t.test('requests of an authenticated account are counted together for all addresses', async (t) => {
  const token = createToken()
  const app = await build(t, { ...LIMITED, AUTH_TOKENS: `admin:write:${digestToken(token)}` })
  await exhaust(app)
  const request = { url: '/vault', headers: { authorization: AUTHORIZATION } }
  await expectReply(t, app, request, { headers: { ratelimit: '"requests";r=1;t=60' } })
  const bearer = { url: '/vault', headers: { authorization: `Bearer ${token}` } }
  await expectReply(t, app, { ...bearer, remoteAddress: '192.0.2.1' }, EXHAUSTED)
  await expectTooMany(t, app, request)
  await expectTooMany(t, app, { url: '/vault' })
})

for (const url of ['/vault', '/notes/%']) {
  t.test(`${url} with invalid credentials gets 429 while Redis is unreachable`, async (t) => {
    const app = await build(t, { ...LIMITED, REDIS_URL: 'redis://127.0.0.1:1' })
    const request = { url, headers: { authorization: 'x' } }
    await exhaust(app, request)
    await expectTooMany(t, app, request)
  })
}

t.test(
  'a request is counted once, even if two hooks of its route verify the credentials',
  async (t) => {
    const app = await buildWith(
      t,
      async (app) => {
        const onRequest = [app.requireAuth(), app.requireAuth()]
        app.get('/twice', { onRequest }, async () => 'twice')
      },
      LIMITED,
    )
    const request = { url: '/twice', headers: { authorization: AUTHORIZATION } }
    await expectReply(t, app, request, { headers: { ratelimit: '"requests";r=1;t=60' } })
  },
)

for (const url of ['/notes/%', '/greeting']) {
  t.test(`${url} with a bad Host is counted, but closes the connection as before`, async (t) => {
    const app = await build(t, LIMITED)
    const request = { url, headers: { host: 'a/b', authorization: AUTHORIZATION } }
    await exhaust(app, request)
    await expectReply(t, app, request, { status: 400, headers: { connection: 'close' } })
    await expectTooMany(t, app, { url: '/greeting' })
  })
}

t.test('an untrusted client cannot change its quota with X-Forwarded-For', async (t) => {
  const app = await build(t, LIMITED)
  await exhaust(app)
  for (const name of ['x-forwarded-for', 'x-real-ip', 'forwarded']) {
    await expectTooMany(t, app, {
      url: '/greeting',
      headers: { [name]: 'for=192.0.2.1, 192.0.2.1' },
    })
  }
})

t.test('all addresses of an IPv6 /64 network count as one client', async (t) => {
  const app = await build(t, LIMITED)
  await exhaust(app, { url: '/greeting', remoteAddress: '2001:db8::1' })
  await expectTooMany(t, app, { url: '/greeting', remoteAddress: '2001:db8::ffff:0:0:2' })
  await expectReply(t, app, { url: '/greeting', remoteAddress: '2001:db8:0:1::1' }, {})
})

t.test('an IPv4 client behind NAT64 counts as its IPv4 address', async (t) => {
  const app = await build(t, { ...LIMITED, TRUST_PROXY: '10.0.0.1' })
  const by = (address: string) => ({
    url: '/greeting',
    remoteAddress: '10.0.0.1',
    headers: { 'x-forwarded-for': address },
  })
  await exhaust(app, by('64:ff9b::c000:201'))
  await expectTooMany(t, app, by('::ffff:c000:0201'))
  await expectTooMany(t, app, by('192.0.2.1'))
  await expectReply(t, app, by('64:ff9b::c000:202'), {})
})

t.test('Debug-Trace has the number of requests left', async (t) => {
  const app = await build(t, { ...LIMITED, DEBUG: 'true' })
  const { headers } = await app.inject('/greeting')
  t.match(readDebugTrace(headers['debug-trace']), { quota: 1 })
})

/** Sends a request, and returns the number of requests left. */
async function leftBy(app: FastifyInstance, request: InjectOptions): Promise<number> {
  const { headers } = await app.inject(request)
  // Lets the connection to Redis make progress.
  await new Promise((resolve) => setTimeout(resolve, 10))
  return Number(/r=(\d+)/.exec(String(headers.ratelimit))?.[1])
}

t.test('replicas that use the same Redis share the count of each client', { skip }, async (t) => {
  const { url } = await startRedis(t)
  const settings = { RATE_LIMIT: '1000', REDIS_URL: url }
  const apps = [await build(t, settings), await build(t, settings)] as const
  const request = { url: '/greeting' }
  let last = await leftBy(apps[0], request)
  // Waits until both replicas are connected to Redis.
  while ((await leftBy(apps[1], request)) !== last - 1) last = await leftBy(apps[0], request)
  const named = { url: '/vault', headers: { authorization: 'Bearer secret-token' } }
  t.equal(await leftBy(apps[0], named), 999)
  t.equal(await leftBy(apps[1], named), 998)
  t.equal(await leftBy(apps[1], { ...request, headers: named.headers }), last - 2)
  const unreadable = { url: '/vault', headers: { authorization: 'x' } }
  t.equal(await leftBy(apps[0], unreadable), last - 3)
  t.equal(await leftBy(apps[1], unreadable), last - 4)
})

t.test(
  'one line is logged when Redis becomes unreachable, and one when Redis is back',
  { skip },
  async (t) => {
    const server = await startRedis(t)
    await server.crash()
    const log = createLog()
    const settings = { RATE_LIMIT: '1000', REDIS_URL: server.url }
    const app = await build(t, settings, { logDestination: log })
    for (let count = 0; count < 5; count++) await expectReply(t, app, { url: '/greeting' }, {})
    await server.start()
    const isBack = () =>
      log.lines.some(({ msg }) => msg === 'Redis is back: the counts are shared again')
    while (!isBack()) await leftBy(app, { url: '/greeting' })
    const logged = log.lines.filter(({ msg }) => String(msg).startsWith('Redis'))
    t.match(logged, [{ level: 'error', err: { code: 'ECONNREFUSED' } }, { level: 'info' }])
    t.equal(logged.length, 2)
  },
)

import type { FastifyInstance, InjectOptions } from 'fastify'
import t, { type Test } from 'tap'
import { AUTHORIZATION, build, buildWith, createLog, expectReply } from '../app.ts'
import { readDebugTrace } from '../debug-trace.ts'
import { startRedis } from '../redis-server.ts'
import { skipUnless } from '../requirement.ts'

const skip = skipUnless('redis-server')

// a machine may be so busy that a second passes
t.capture(performance, 'now', () => 0)

const LIMITED = { RATE_LIMIT: '2' }

/** What is told of the third request of a minute that has two. */
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

async function exhaust(app: FastifyInstance, request: InjectOptions = { url: '/hello' }) {
  await app.inject(request)
  await app.inject(request)
}

/** Sends a request that must be refused as one too many. */
async function expectTooMany(t: Test, app: FastifyInstance, request: InjectOptions) {
  return expectReply(t, app, request, TOO_MANY)
}

t.test('every reply tells what is left, and 429 when to come again', async (t) => {
  const app = await build(t, LIMITED)
  const policy = { 'ratelimit-policy': '"requests";q=2;w=60' }
  await expectReply(
    t,
    app,
    { url: '/hello' },
    { headers: { ...policy, ratelimit: '"requests";r=1;t=60', 'retry-after': undefined } },
  )
  await expectReply(t, app, { url: '/hello' }, EXHAUSTED)
  await expectTooMany(t, app, { url: '/hello' })
  const elsewhere = { url: '/hello', remoteAddress: '192.0.2.1' }
  await expectReply(t, app, elsewhere, { headers: { ratelimit: '"requests";r=1;t=60' } })
})

t.test('without a limit nothing is told', async (t) => {
  const app = await build(t)
  const headers = { ratelimit: undefined, 'ratelimit-policy': undefined }
  await expectReply(t, app, { url: '/hello' }, { headers })
})

const COUNTED: InjectOptions[] = [
  { url: '/nowhere' },
  { method: 'POST', url: '/hello' },
  { url: '/hello', headers: { accept: 'image/png' } },
  { url: '/users/x' },
  { url: '/hello?%' },
  { url: '/secrets' },
  { url: '/hello', headers: { authorization: AUTHORIZATION } },
  { url: '/nowhere', headers: { authorization: AUTHORIZATION } },
]

for (const request of COUNTED) {
  t.test(`${JSON.stringify(request)} is counted, and refused before it is looked at`, async (t) => {
    const app = await build(t, LIMITED)
    await exhaust(app, request)
    await expectTooMany(t, app, request)
    await expectTooMany(t, app, { url: '/hello' })
  })
}

t.test('OPTIONS, and what a route excepts, is not counted', async (t) => {
  const app = await buildWith(
    t,
    async (app) => {
      app.get('/free', { config: { rateLimit: false } }, async () => 'free')
    },
    LIMITED,
  )
  await exhaust(app)
  const headers = { ratelimit: undefined }
  await expectReply(t, app, { url: '/free' }, { headers })
  await expectReply(t, app, { method: 'HEAD', url: '/free' }, { headers })
  await expectReply(t, app, { method: 'OPTIONS', url: '/hello' }, { status: 204, headers })
})

t.test('who authenticates is counted by name, wherever from', async (t) => {
  const app = await build(t, LIMITED)
  await exhaust(app)
  const request = { url: '/secrets', headers: { authorization: AUTHORIZATION } }
  await expectReply(t, app, request, { headers: { ratelimit: '"requests";r=1;t=60' } })
  const bearer = { url: '/secrets', headers: { authorization: 'Bearer secret-token' } }
  await expectReply(t, app, { ...bearer, remoteAddress: '192.0.2.1' }, EXHAUSTED)
  await expectTooMany(t, app, request)
  await expectTooMany(t, app, { url: '/secrets' })
})

t.test('who claims to be forwarded for another is the same client', async (t) => {
  const app = await build(t, LIMITED)
  await exhaust(app)
  for (const name of ['x-forwarded-for', 'x-real-ip', 'forwarded']) {
    await expectTooMany(t, app, { url: '/hello', headers: { [name]: 'for=192.0.2.1, 192.0.2.1' } })
  }
})

t.test('addresses of one network of IPv6 are one client', async (t) => {
  const app = await build(t, LIMITED)
  await exhaust(app, { url: '/hello', remoteAddress: '2001:db8::1' })
  await expectTooMany(t, app, { url: '/hello', remoteAddress: '2001:db8::ffff:0:0:2' })
  await expectReply(t, app, { url: '/hello', remoteAddress: '2001:db8:0:1::1' }, {})
})

t.test('wrong passwords are looked at so often, then 429 says when again', async (t) => {
  const app = await build(t, { AUTH_FAILURE_LIMIT: '2' })
  const guess = (password: string) => ({
    url: '/secrets',
    headers: { authorization: `Basic ${Buffer.from(`admin:${password}`).toString('base64')}` },
  })
  for (const password of ['a', 'b']) await expectReply(t, app, guess(password), { status: 401 })
  await expectReply(t, app, guess('secret'), {
    status: 429,
    headers: { 'retry-after': '60' },
    body: { status: 429, message: 'Too Many Requests: too many failed logins' },
  })
  await expectReply(t, app, { ...guess('secret'), remoteAddress: '192.0.2.1' }, {})
})

t.test('with DEBUG the decisions tell what is left', async (t) => {
  const app = await build(t, { ...LIMITED, DEBUG: 'true' })
  const { headers } = await app.inject('/hello')
  t.match(readDebugTrace(headers['debug-trace']), { quota: 1 })
})

/** What a request leaves of its client's quota. */
async function leftBy(app: FastifyInstance, request: InjectOptions): Promise<number> {
  const { headers } = await app.inject(request)
  // Redis has to get a word in too
  await new Promise((resolve) => setTimeout(resolve, 10))
  return Number(/r=(\d+)/.exec(String(headers.ratelimit))?.[1])
}

t.test('replicas with one REDIS_URL count together', { skip }, async (t) => {
  const { url } = await startRedis(t)
  const settings = { RATE_LIMIT: '1000', REDIS_URL: url }
  const apps = [await build(t, settings), await build(t, settings)] as const
  const request = { url: '/hello' }
  let last = await leftBy(apps[0], request)
  // until both are connected
  while ((await leftBy(apps[1], request)) !== last - 1) last = await leftBy(apps[0], request)
  const named = { url: '/secrets', headers: { authorization: 'Bearer secret-token' } }
  t.equal(await leftBy(apps[0], named), 999)
  t.equal(await leftBy(apps[1], named), 998)
  t.equal(await leftBy(apps[1], { ...request, headers: named.headers }), last - 2)
})

t.test('the loss of Redis is logged once, and so is its return', { skip }, async (t) => {
  const server = await startRedis(t)
  await server.crash()
  const log = createLog()
  const settings = { RATE_LIMIT: '1000', REDIS_URL: server.url }
  const app = await build(t, settings, { logDestination: log })
  for (let count = 0; count < 5; count++) await expectReply(t, app, { url: '/hello' }, {})
  await server.start()
  const isBack = () =>
    log.lines.some(({ msg }) => msg === 'Redis is back: rate limit is shared again')
  while (!isBack()) await leftBy(app, { url: '/hello' })
  const told = log.lines.filter(({ msg }) => String(msg).startsWith('Redis'))
  t.match(told, [{ level: 'error', err: { code: 'ECONNREFUSED' } }, { level: 'info' }])
  t.equal(told.length, 2)
})

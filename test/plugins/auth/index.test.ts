import { createHook } from 'node:async_hooks'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import t from 'tap'
import type { Authenticate } from '../../../plugins/auth/authenticate.ts'
import type { Credentials } from '../../../plugins/auth/credentials.ts'
import { hashPassword } from '../../../plugins/auth/password.ts'
import { createToken, digestToken } from '../../../plugins/auth/token.ts'
import { HttpError } from '../../../src/http/http-error.ts'
import { build, buildWith, createLog, expectReply } from '../../app.ts'
import '../../fixtures/register.ts'

const SECRET = 'Gold'
const CHALLENGES = ['Basic realm="Example", charset="UTF-8"', 'Bearer realm="Example"']
const UNAUTHENTICATED = {
  status: 401,
  headers: { 'www-authenticate': CHALLENGES, 'cache-control': 'no-store' },
  body: { status: 401, message: 'Authenticate.' },
}

const INVALID_TOKEN = {
  ...UNAUTHENTICATED,
  headers: {
    ...UNAUTHENTICATED.headers,
    'www-authenticate': [CHALLENGES[0] ?? '', `${CHALLENGES[1]}, error="invalid_token"`],
  },
}

function base64(credentials: string): string {
  return Buffer.from(credentials).toString('base64')
}

function get(authorization: string | undefined, url = '/vault') {
  return { url, headers: authorization === undefined ? {} : { authorization } }
}

const ADMIN = base64('admin:secret')

for (const authorization of [
  `Basic ${ADMIN}`,
  `basic ${ADMIN}`,
  `BASIC ${ADMIN}`,
  `Basic    ${ADMIN}`,
  'Bearer secret-token',
  'bearer secret-token',
  'BEARER secret-token',
  'Bearer    secret-token',
]) {
  t.test(`${authorization} is accepted`, async (t) => {
    const app = await build(t)
    const headers = { 'www-authenticate': undefined, 'cache-control': 'no-store' }
    await expectReply(t, app, get(authorization), { body: SECRET, headers })
  })
}

const REFUSED = [
  { title: 'no credentials', authorization: undefined },
  { title: 'an empty field', authorization: '' },
  { title: 'Basic without credentials', authorization: 'Basic' },
  { title: 'Bearer without a token', authorization: 'Bearer' },
  { title: 'a scheme and spaces', authorization: 'Basic   ' },
  { title: 'another scheme', authorization: `Digest ${ADMIN}` },
  { title: 'no scheme', authorization: ADMIN },
  { title: 'a scheme without a space', authorization: `Basic${ADMIN}` },
  { title: 'two schemes at once', authorization: `Basic ${ADMIN}, Bearer secret-token` },
  { title: 'a token followed by more text', authorization: 'Bearer secret-token x' },
  { title: 'invalid base64', authorization: `Basic ${ADMIN}!` },
  { title: 'truncated base64', authorization: 'Basic a' },
  {
    title: 'base64 with a dot',
    authorization: `Basic ${ADMIN.slice(0, 8)}.${ADMIN.slice(8)}`,
  },
  { title: 'base64 with too much padding', authorization: `Basic ${ADMIN}====` },
  { title: 'credentials without base64', authorization: 'Basic admin:secret' },
  { title: 'no colon', authorization: `Basic ${base64('admin')}` },
  { title: 'a wrong password', authorization: `Basic ${base64('admin:Secret')}` },
  { title: 'an empty password', authorization: `Basic ${base64('admin:')}` },
  { title: 'a longer password', authorization: `Basic ${base64('admin:secret ')}` },
  { title: 'an unknown user', authorization: `Basic ${base64('nobody:secret')}` },
  { title: 'an empty user', authorization: `Basic ${base64(':secret')}` },
  { title: 'only a colon', authorization: `Basic ${base64(':')}` },
  { title: 'a null character', authorization: `Basic ${base64('admin:secret\0')}` },
  { title: 'a line break', authorization: `Basic ${base64('admin\r\n:secret')}` },
  { title: 'a wrong token', authorization: 'Bearer secret-tokens' },
  { title: 'a password as a token', authorization: `Bearer ${ADMIN}` },
  { title: 'a token as a password', authorization: `Basic ${base64('admin:secret-token')}` },
]

for (const { title, authorization } of REFUSED) {
  t.test(`the service responds to ${title} with 401 and all challenges`, async (t) => {
    const app = await build(t)
    const expected = authorization?.startsWith('Bearer') ? INVALID_TOKEN : UNAUTHENTICATED
    await expectReply(t, app, get(authorization), expected)
  })
}

t.test('a password with a colon or with characters outside ASCII is accepted', async (t) => {
  const token = createToken()
  const users = [
    `colon:write:${await hashPassword('se:cr:et')}`,
    `zoë::${await hashPassword('pässwörd €')}`,
  ]
  const app = await build(t, {
    AUTH_USERS: users.join(' '),
    AUTH_TOKENS: `robot::${digestToken(token)}`,
  })
  for (const credentials of ['colon:se:cr:et', 'zoë:pässwörd €']) {
    await expectReply(t, app, get(`Basic ${base64(credentials)}`), { body: SECRET })
  }
  await expectReply(t, app, get(`Bearer ${token}`), { body: SECRET })
  for (const credentials of ['colon:se', 'zoe:pässwörd €', 'zoë:password €', 'admin:secret']) {
    await expectReply(t, app, get(`Basic ${base64(credentials)}`), UNAUTHENTICATED)
  }
})

t.test('composed and decomposed characters are the same in names and passwords', async (t) => {
  const composed = 'zo\u00eb:p\u00e4ss\u00a0w\u00f6rd'
  const decomposed = 'zoe\u0308:pa\u0308ss wo\u0308rd'
  for (const name of ['zo\u00eb', 'zoe\u0308']) {
    const app = await build(t, {
      AUTH_USERS: `${name}::${await hashPassword('p\u00e4ss w\u00f6rd')}`,
    })
    for (const credentials of [composed, decomposed, composed]) {
      await expectReply(t, app, get(`Basic ${base64(credentials)}`), { body: SECRET })
    }
  }
})

t.test(
  'credentials that are not UTF-8 are refused, even if the hash is that of U+FFFD',
  async (t) => {
    const app = await build(t, { AUTH_USERS: `zoe::${await hashPassword('p\ufffdss')}` })
    for (const byte of [0xe4, 0xf6, 0xff, 0x80]) {
      const bytes = Buffer.concat([Buffer.from('zoe:p'), Buffer.from([byte]), Buffer.from('ss')])
      await expectReply(t, app, get(`Basic ${bytes.toString('base64')}`), UNAUTHENTICATED)
    }
  },
)

t.test('a byte order mark is a part of the name', async (t) => {
  const app = await build(t)
  await expectReply(t, app, get(`Basic ${base64('\ufeffadmin:secret')}`), UNAUTHENTICATED)
  await expectReply(t, app, get(`Basic ${ADMIN}`), { body: SECRET })
})

t.test('every password is refused if only tokens are configured', async (t) => {
  const app = await build(t, { AUTH_TOKENS: `robot::${digestToken('a-token')}` })
  await expectReply(t, app, get(`Basic ${ADMIN}`), UNAUTHENTICATED)
  await expectReply(t, app, get('Bearer a-token'), { body: SECRET })
})

t.test('challenges have the realm of AUTH_REALM', async (t) => {
  const app = await build(t, { AUTH_REALM: 'The back office' })
  const challenges = [
    'Basic realm="The back office", charset="UTF-8"',
    'Bearer realm="The back office"',
  ]
  await expectReply(t, app, get(undefined), {
    status: 401,
    headers: { 'www-authenticate': challenges },
  })
})

/** Counts the password hashes that the service starts. Node creates an async resource for each hash. */
function countHashes(t: { teardown: (callback: () => void) => void }) {
  const counter = { count: 0 }
  const hook = createHook({
    init: (_id, type) => {
      if (type === 'ARGON2REQUEST') counter.count++
    },
  })
  hook.enable()
  t.teardown(() => void hook.disable())
  return counter
}

t.test('a verified password is hashed only once', async (t) => {
  const app = await build(t)
  const hashes = countHashes(t)
  const request = get(`Basic ${ADMIN}`)
  const replies = await Promise.all([app.inject(request), app.inject(request)])
  for (const reply of replies) t.equal(reply.body, SECRET)
  await expectReply(t, app, request, { body: SECRET })
  t.equal(hashes.count, 1, 'three requests, two of them concurrent, need one hash')
  await expectReply(t, app, get(`Basic ${base64('admin:guess')}`), UNAUTHENTICATED)
  t.equal(hashes.count, 2, 'another password of the same user is hashed')
})

t.test(
  'a login as an unknown user takes one hash, like a login with a wrong password',
  async (t) => {
    const app = await build(t, { TRUST_PROXY: '127.0.0.1' }) // so that all responses have the same id
    const hashes = countHashes(t)
    const headers = { 'x-request-id': 'same' }
    const shown = new Set<string>()
    for (const [index, credentials] of ['admin:x', 'nobody:x', 'admin:x', 'nobody:x'].entries()) {
      const authorization = `Basic ${base64(credentials)}`
      const reply = await app.inject({ url: '/vault', headers: { ...headers, authorization } })
      t.equal(hashes.count, index + 1, `${credentials} takes one hash`)
      shown.add(JSON.stringify([reply.statusCode, { ...reply.headers, date: '' }, reply.body]))
    }
    t.equal(shown.size, 1, 'all responses are the same')
  },
)

t.test('a 401 of a handler has all challenges, unless the handler sets its own', async (t) => {
  const own = 'Bearer realm="Example", error="invalid_token"'
  const app = await buildWith(t, async (app) => {
    app.get('/sensible', async () => {
      throw app.httpErrors.unauthorized('not for you')
    })
    app.get('/reply', (_request, reply) => reply.unauthorized())
    app.get('/own', async () => {
      throw new HttpError('UNAUTHENTICATED', undefined, { headers: { 'www-authenticate': own } })
    })
  })
  for (const url of ['/sensible', '/reply']) {
    await expectReply(t, app, get(undefined, url), UNAUTHENTICATED)
  }
  const headers = { 'www-authenticate': own }
  await expectReply(t, app, get(undefined, '/own'), { status: 401, headers })
})

const READER: Authenticate = async (credentials) =>
  credentials.scheme === 'Bearer' ? { name: 'reader', scopes: ['read'] } : undefined

const scoped: FastifyPluginAsync = async (app) => {
  const show = async ({ principal }: FastifyRequest) => ({ principal })
  app.get('/open', show)
  app.put('/write', { onRequest: app.requireAuth('write') }, show)
  await app.register(async (scope) => {
    scope.addHook('onRequest', scope.requireAuth())
    scope.get('/closed', show)
  })
}

t.test(
  'request.principal is the account, or null if the route requires no authentication',
  async (t) => {
    const app = await buildWith(t, scoped)
    const principal = { name: 'admin', scopes: ['write'] }
    await expectReply(t, app, get(`Basic ${ADMIN}`, '/closed'), { body: { principal } })
    await expectReply(t, app, get('Bearer secret-token', '/closed'), { body: { principal } })
    await expectReply(t, app, get('Bearer secret-token', '/open'), { body: { principal: null } })
    await expectReply(t, app, get('Bearer wrong', '/open'), { body: { principal: null } })
  },
)

t.test(
  'requireAuth() in a scope protects all routes of the scope before the body is checked',
  async (t) => {
    const app = await buildWith(t, scoped)
    await expectReply(t, app, get(undefined, '/closed'), UNAUTHENTICATED)
    const headers = { 'content-type': 'image/png' }
    const put = { method: 'PUT', url: '/write', headers, payload: 'x' } as const
    await expectReply(t, app, put, UNAUTHENTICATED)
  },
)

t.test('a route that requires a scope accepts an account with this scope', async (t) => {
  const app = await buildWith(t, scoped)
  const request = { ...get(`Basic ${ADMIN}`, '/write'), method: 'PUT' } as const
  await expectReply(t, app, request, { body: { principal: { name: 'admin', scopes: ['write'] } } })
})

t.test('an account without the required scope gets a 403 that names the scope', async (t) => {
  const app = await buildWith(t, scoped, {}, { authenticate: READER })
  const request = { ...get('Bearer anything', '/write'), method: 'PUT' } as const
  await expectReply(t, app, request, {
    status: 403,
    headers: {
      'www-authenticate': 'Bearer realm="Example", error="insufficient_scope", scope="write"',
    },
    body: { status: 403, message: 'Forbidden: scope write is required' },
  })
  await expectReply(t, app, get('Bearer anything', '/closed'), { status: 200 })
})

t.test(
  'the option authenticate replaces the check, and is called with the credentials',
  async (t) => {
    const seen: Credentials[] = []
    const authenticate: Authenticate = async (credentials) => {
      seen.push(credentials)
      return credentials.scheme === 'Basic' ? { name: credentials.name, scopes: [] } : undefined
    }
    const app = await buildWith(t, scoped, {}, { authenticate })
    const principal = { name: 'any one', scopes: [] }
    const basic = get(`Basic ${base64('any one:p:w')}`, '/closed')
    await expectReply(t, app, basic, { body: { principal } })
    await expectReply(t, app, get('Bearer some-token', '/closed'), INVALID_TOKEN)
    await expectReply(t, app, get('Basic nonsense', '/closed'), UNAUTHENTICATED)
    t.same(seen, [
      { scheme: 'Basic', name: 'any one', password: 'p:w' },
      { scheme: 'Bearer', token: 'some-token' },
    ])
  },
)

for (const [statusCode, status, message] of [
  [undefined, 500, 'Internal Server Error'],
  [503, 503, 'Service Unavailable'],
] as const) {
  t.test(`if the check throws, the status is ${status} without challenges`, async (t) => {
    const log = createLog()
    const authenticate: Authenticate = async () => {
      throw Object.assign(new Error('the directory is down'), statusCode && { statusCode })
    }
    const app = await build(t, {}, { authenticate, logDestination: log })
    for (const authorization of [`Basic ${ADMIN}`, 'Bearer secret-token']) {
      const headers = { 'www-authenticate': undefined }
      const body = { status, message }
      await expectReply(t, app, get(authorization), { status, headers, body })
    }
    const failures = log.lines.filter(({ msg }) => msg === 'request failed')
    t.match(
      failures,
      Array(2).fill({ err: { message: 'the directory is down' } }),
      'the error is logged',
    )
  })
}

t.test('malformed credentials of 60 kB are refused without delay', async (t) => {
  const app = await build(t)
  const start = performance.now()
  await expectReply(t, app, get(`Basic${' '.repeat(60_000)}!`), UNAUTHENTICATED)
  await expectReply(t, app, get(`Bearer${' '.repeat(60_000)}!`), INVALID_TOKEN)
  t.ok(performance.now() - start < 2_000)
})

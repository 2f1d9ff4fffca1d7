import { argon2Sync } from 'node:crypto'
import t from 'tap'
import type { Account } from '../../../plugins/auth/accounts.ts'
import { createAuthenticate } from '../../../plugins/auth/authenticate.ts'
import type { Credentials } from '../../../plugins/auth/credentials.ts'
import { digestToken } from '../../../plugins/auth/token.ts'

const USERS: Account[] = [
  { name: 'admin', scopes: ['write'], secret: hashCheaply('secret') },
  { name: 'luis', scopes: [], secret: hashCheaply('a:b') },
]
const TOKENS: Account[] = [
  { name: 'robot', scopes: ['write', 'logs'], secret: digestToken('token-1') },
  { name: 'reader', scopes: [], secret: digestToken('token-2') },
]

const basic = (name: string, password: string): Credentials => ({ scheme: 'Basic', name, password })
const bearer = (token: string): Credentials => ({ scheme: 'Bearer', token })

const VALID: [credentials: Credentials, principal: object][] = [
  [basic('admin', 'secret'), { name: 'admin', scopes: ['write'] }],
  [basic('luis', 'a:b'), { name: 'luis', scopes: [] }],
  [bearer('token-1'), { name: 'robot', scopes: ['write', 'logs'] }],
  [bearer('token-2'), { name: 'reader', scopes: [] }],
]

for (const [credentials, principal] of VALID) {
  t.test(`${JSON.stringify(credentials)} returns the account without its secret`, async (t) => {
    const authenticate = createAuthenticate(USERS, TOKENS)
    t.strictSame(await authenticate(credentials), principal)
    t.strictSame(
      await authenticate(credentials),
      principal,
      'a second call returns the remembered account',
    )
  })
}

const REFUSED: Credentials[] = [
  basic('admin', 'Secret'),
  basic('admin', ''),
  basic('admin', 'secret '),
  basic('admin', 'a:b'),
  basic('Admin', 'secret'),
  basic('', ''),
  basic('nobody', 'secret'),
  basic('admin', String(USERS[0]?.secret)),
  basic('robot', 'token-1'),
  bearer(''),
  bearer('secret'),
  bearer('token-3'),
  bearer(digestToken('token-1')),
]

for (const credentials of REFUSED) {
  t.test(`${JSON.stringify(credentials)} is refused`, async (t) => {
    t.equal(await createAuthenticate(USERS, TOKENS)(credentials), undefined)
  })
}

t.test(
  'recall() returns the account of an Authorization field only if it was verified before',
  async (t) => {
    const authenticate = createAuthenticate(USERS, TOKENS)
    const fields = [`Basic ${btoa('luis:a:b')}`, 'Bearer token-1']
    for (const field of fields) t.equal(authenticate.recall?.(field), undefined, field)
    await authenticate(basic('luis', 'a:b'))
    await authenticate(bearer('token-1'))
    t.match(
      fields.map((field) => authenticate.recall?.(field)),
      [{ name: 'luis' }, { name: 'robot' }],
    )
    for (const refused of [basic('luis', 'a'), bearer('token-3')]) await authenticate(refused)
    for (const field of ['', `Basic ${btoa('luis:a')}`, 'Bearer token-3', 'token-1']) {
      t.equal(authenticate.recall?.(field), undefined, field)
    }
  },
)

t.test('without accounts all credentials are refused', async (t) => {
  const authenticate = createAuthenticate([], [])
  t.equal(await authenticate(basic('admin', 'secret')), undefined)
  t.equal(await authenticate(basic('', '')), undefined)
  t.equal(await authenticate(bearer('secret-token')), undefined)
  t.equal(await authenticate(bearer('')), undefined)
})

t.test(
  'a name with a colon is refused, even if a shorter name has the same Authorization field',
  async (t) => {
    const authenticate = createAuthenticate(USERS, [])
    t.match(await authenticate(basic('luis', 'a:b')), { name: 'luis' })
    t.equal(await authenticate(basic('luis:a', 'b')), undefined)
  },
)

/** Counts the verifications of each user. The hash of a user is read once for each verification. */
function countVerifications() {
  const verifications = { admin: 0, luis: 0 }
  const users = USERS.map(({ name, scopes, secret }) => ({
    name,
    scopes,
    get secret() {
      verifications[name === 'admin' ? 'admin' : 'luis']++
      return secret
    },
  }))
  return { verifications, authenticate: createAuthenticate(users, []) }
}

t.test('a correct password is verified only once', async (t) => {
  const { verifications, authenticate } = countVerifications()
  for (let count = 0; count < 5; count++) await authenticate(basic('luis', 'a:b'))
  t.strictSame(verifications, { admin: 0, luis: 1 })
  await authenticate(basic('luis', 'wrong'))
  t.strictSame(
    verifications,
    { admin: 0, luis: 2 },
    'a wrong password of the same user is also verified',
  )
})

t.test('concurrent requests with the same password share one verification', async (t) => {
  const { verifications, authenticate } = countVerifications()
  const requests = Array.from({ length: 20 }, () => authenticate(basic('luis', 'a:b')))
  t.match(await Promise.all(requests), Array(20).fill({ name: 'luis' }))
  t.strictSame(verifications, { admin: 0, luis: 1 })
})

t.test('a wrong password is verified each time', async (t) => {
  const { verifications, authenticate } = countVerifications()
  for (let count = 0; count < 3; count++) await authenticate(basic('luis', 'wrong'))
  t.strictSame(verifications, { admin: 0, luis: 3 })
})

t.test('many wrong passwords neither block nor evict a correct password', async (t) => {
  const { verifications, authenticate } = countVerifications()
  await authenticate(basic('luis', 'a:b'))
  const flood = Array.from({ length: 1_200 }, (_, index) => basic('admin', `wrong ${index}`))
  const logins = [...flood, basic('admin', 'secret')]
  const answers: unknown[] = []
  while (logins.length > 0) {
    const concurrent = logins.splice(0, 60).map((credentials) => authenticate(credentials))
    answers.push(...(await Promise.all(concurrent)))
  }
  t.match(answers.pop(), { name: 'admin' }, 'the correct password is accepted')
  t.strictSame(answers, Array(flood.length).fill(undefined), 'all other passwords are refused')
  t.strictSame(verifications, { admin: flood.length + 1, luis: 1 })

  t.match(await authenticate(basic('luis', 'a:b')), { name: 'luis' })
  t.match(await authenticate(basic('admin', 'secret')), { name: 'admin' })
  t.strictSame(
    verifications,
    { admin: flood.length + 1, luis: 1 },
    'both correct passwords are remembered',
  )
})

t.test('of many concurrent logins, those beyond the limit get 503', async (t) => {
  const { authenticate } = countVerifications()
  const logins = Array.from({ length: 100 }, (_, index) => basic('admin', `wrong ${index}`))
  const settled = await Promise.allSettled(logins.map((login) => authenticate(login)))
  const refused = settled.filter(({ status }) => status === 'rejected')
  t.match(refused, Array(34).fill({ reason: { statusCode: 503 } }))
  t.equal(refused.length, 34, '2 run and 64 wait')
})

t.test('an unknown name causes as many verifications as a known name', async (t) => {
  const { verifications, authenticate } = countVerifications()
  await authenticate(basic('nobody', 'wrong'))
  t.strictSame(
    verifications,
    { admin: 1, luis: 0 },
    "the password is checked against another user's hash",
  )
  t.equal(
    await authenticate(basic('nobody', 'secret')),
    undefined,
    "an unknown name is refused, even with the other user's password",
  )
  t.strictSame(verifications, { admin: 2, luis: 0 })
})

/** Hashes a password with the minimum costs of argon2id (RFC 9106 §3.1), so that the tests are fast. */
function hashCheaply(password: string): string {
  const nonce = Buffer.from('saltsalt')
  const costs = { memory: 8, passes: 1, parallelism: 1 }
  const key = argon2Sync('argon2id', { message: password, nonce, tagLength: 16, ...costs })
  const [salt, hash] = [nonce, key].map((bytes) => bytes.toString('base64').replaceAll('=', ''))
  return `$argon2id$v=19$m=8,t=1,p=1$${salt}$${hash}`
}

import t from 'tap'
import type { Authenticate } from '../../../plugins/auth/authenticate.ts'
import type { Credentials } from '../../../plugins/auth/credentials.ts'
import { limitFailedLogins } from '../../../plugins/auth/failed-logins.ts'
import { createMemoryQuota } from '../../../src/quota/memory-quota.ts'
import type { CreateQuota } from '../../../src/quota/quota.ts'
import { ACCOUNT, build, expectReply } from '../../app.ts'
import '../../fixtures/register.ts'

const basic = (name: string, password: string): Credentials => ({ scheme: 'Basic', name, password })
const bearer = (token: string): Credentials => ({ scheme: 'Bearer', token })

/** Returns limits that count in this process. */
function limitOf(limit: number) {
  const createQuota: CreateQuota = (_name, ...parameters) => createMemoryQuota(...parameters)
  return { limit, accounts: new Set(['luis', 'zoe']), createQuota }
}

/** Returns a check that accepts the password `right`, and the list of credentials that it has checked. */
function createCheck() {
  const verified: Credentials[] = []
  const authenticate: Authenticate = async (credentials) => {
    verified.push(credentials)
    await new Promise((resolve) => setImmediate(resolve))
    const isRight = credentials.scheme === 'Basic' && credentials.password === 'right'
    return isRight ? { name: credentials.name, scopes: [] } : undefined
  }
  return { verified, authenticate }
}

const REFUSED = { code: 'TOO_MANY_REQUESTS', message: 'too many failed logins' }

t.test('logins of a client for a name are refused after too many failures', async (t) => {
  const { verified, authenticate } = createCheck()
  const attempt = limitFailedLogins(authenticate, limitOf(3))
  for (const password of ['a', 'b', 'c']) {
    t.equal(await attempt('one', basic('luis', password)), undefined)
  }
  await t.rejects(attempt('one', basic('luis', 'd')), REFUSED)
  await t.rejects(
    attempt('one', basic('luis', 'right')),
    REFUSED,
    'even the correct password is refused',
  )
  t.equal(verified.length, 3)
  t.match(await attempt('one', basic('zoe', 'right')), { name: 'zoe' }, 'another name is accepted')
  t.match(
    await attempt('other', basic('luis', 'right')),
    { name: 'luis' },
    'the same name is accepted from another client',
  )
})

t.test('concurrent logins are counted before they are verified', async (t) => {
  const { verified, authenticate } = createCheck()
  const attempt = limitFailedLogins(authenticate, limitOf(3))
  const logins = Array.from({ length: 50 }, (_, index) => attempt('one', basic('luis', `${index}`)))
  const outcomes = await Promise.allSettled(logins)
  t.equal(verified.length, 3)
  t.equal(outcomes.filter(({ status }) => status === 'rejected').length, 47)
})

t.test('successful logins do not count, even if they are concurrent', async (t) => {
  const { verified, authenticate } = createCheck()
  const attempt = limitFailedLogins(authenticate, limitOf(3))
  const many = () =>
    Promise.all(
      Array(20)
        .fill(0)
        .map(() => attempt('one', basic('luis', 'right'))),
    )
  t.equal((await many()).length, 20)
  t.equal(verified.length, 1, 'concurrent logins with the same credentials are verified once')
  for (let count = 0; count < 20; count++) await attempt('one', basic('luis', 'right'))
  t.equal(await attempt('one', basic('luis', 'a')), undefined)
})

t.test('logins of a client are refused after too many failures for many names', async (t) => {
  const { verified, authenticate } = createCheck()
  const attempt = limitFailedLogins(authenticate, limitOf(3))
  for (let count = 0; count < 30; count++) await attempt('one', basic(`name ${count}`, 'a'))
  await t.rejects(attempt('one', basic('zoe', 'right')), REFUSED)
  t.equal(verified.length, 30)
  t.match(await attempt('other', basic('zoe', 'right')), { name: 'zoe' })
})

t.test(
  'a client that repeats the same wrong credentials does not lock out other clients at its address',
  async (t) => {
    const { authenticate } = createCheck()
    const attempt = limitFailedLogins(authenticate, limitOf(3))
    for (let count = 0; count < 100; count++) {
      await attempt('one', basic('robot', 'old')).catch(() => {})
      await attempt('one', bearer('old')).catch(() => {})
    }
    t.match(await attempt('one', basic('zoe', 'right')), { name: 'zoe' })
    t.equal(await attempt('one', bearer('new')), undefined, 'a different token is still checked')
  },
)

t.test('a check that throws does not count as a failed login', async (t) => {
  const attempt = limitFailedLogins(async () => {
    throw new Error('the directory is down')
  }, limitOf(1))
  for (let count = 0; count < 20; count++) {
    await t.rejects(attempt('one', basic('luis', 'right')), { message: 'the directory is down' })
  }
})

t.test('with the limit 0, all logins are verified', async (t) => {
  const { verified, authenticate } = createCheck()
  const attempt = limitFailedLogins(authenticate, limitOf(0))
  for (let count = 0; count < 200; count++) await attempt('one', basic('luis', 'a'))
  t.equal(verified.length, 200)
})

t.test(
  'recall() returns the account of verified credentials, except after too many failed logins',
  async (t) => {
    const { verified, authenticate } = createCheck()
    const long = 'l'.repeat(100)
    const recall = (field: string) =>
      ['luis', long].includes(field) ? { name: field, scopes: [] } : undefined
    const attempt = limitFailedLogins(Object.assign(authenticate, { recall }), limitOf(2))
    for (const known of ['luis', long]) t.match(attempt.recall('one', known), { name: known })
    t.equal(attempt.recall('one', 'zoe'), undefined)
    t.equal(verified.length, 0)
    for (const password of ['a', 'b']) await attempt('one', basic('luis', password))
    t.equal(
      attempt.recall('one', 'luis'),
      undefined,
      'no account is returned for verified credentials, because this would confirm a guess',
    )
    await t.rejects(
      attempt('one', basic('luis', 'right')),
      REFUSED,
      'a login with the correct password does not succeed either',
    )
    t.match(attempt.recall('one', long), { name: long })
    t.match(attempt.recall('other', 'luis'), { name: 'luis' })
    for (let count = 0; count < 18; count++) await attempt('one', basic(`name ${count}`, 'a'))
    t.equal(
      attempt.recall('one', long),
      undefined,
      'after too many failures for many names, no account is returned',
    )
  },
)

t.test(
  'too many failed logins from many clients lock out only clients that have not logged in before',
  async (t) => {
    for (const name of ['luis', 'no account']) {
      const { verified, authenticate } = createCheck()
      const attempt = limitFailedLogins(authenticate, limitOf(3))
      await attempt('known', basic(name, 'right'))
      for (let count = 0; count < 30; count++) await attempt(`bot ${count}`, basic(name, 'a'))
      await t.rejects(attempt('new', basic(name, 'right')), REFUSED)
      t.equal(verified.length, 31)
      t.match(await attempt('known', basic(name, 'right')), { name }, 'a known client is accepted')
      t.equal(await attempt('known', basic(name, 'b')), undefined)
      t.match(await attempt('new', basic('zoe', 'right')), { name: 'zoe' })
      await t.rejects(attempt('new', basic(name, 'right')), REFUSED, 'zoe is another account')
    }
  },
)

t.test('one client cannot use up the failed logins of all clients with a name', async (t) => {
  const { authenticate } = createCheck()
  const attempt = limitFailedLogins(authenticate, limitOf(3))
  const guesses = Array.from({ length: 100 }, (_, index) =>
    attempt('bot', basic('luis', `${index}`)),
  )
  await Promise.allSettled(guesses)
  t.match(await attempt('new', basic('luis', 'right')), { name: 'luis' })
})

t.test('recall() is refused to unknown clients after too many failures of all', async (t) => {
  const { authenticate } = createCheck()
  const recall = (name: string) => ({ name, scopes: [] })
  const attempt = limitFailedLogins(Object.assign(authenticate, { recall }), limitOf(3))
  t.match(attempt.recall('known', 'luis'), { name: 'luis' })
  for (let count = 0; count < 30; count++) await attempt(`bot ${count}`, basic('luis', 'a'))
  t.match(attempt.recall('known', 'luis'), { name: 'luis' }, 'recall() makes a client known')
  t.equal(attempt.recall('new', 'luis'), undefined)
})

t.test('failed logins with many names do not evict the counters of an account', async (t) => {
  const { authenticate } = createCheck()
  const attempt = limitFailedLogins(authenticate, limitOf(1))
  await attempt('one', basic('luis', 'a'))
  for (let count = 0; count < 11_000; count++) {
    await attempt(`bot ${count}`, basic(`name ${count}`, 'a'))
  }
  await t.rejects(attempt('one', basic('luis', 'right')), REFUSED)
})

t.test(
  'an account that logs in from many networks does not evict the known clients of another',
  async (t) => {
    const { authenticate } = createCheck()
    const attempt = limitFailedLogins(authenticate, limitOf(1))
    await attempt('known', basic('luis', 'right'))
    for (let count = 0; count < 11_000; count++) {
      await attempt(`zoe ${count}`, basic('zoe', 'right'))
      await attempt(`other ${count}`, basic('other', 'right'))
    }
    for (let count = 0; count < 10; count++) await attempt(`bot ${count}`, basic('luis', 'a'))
    await t.rejects(attempt('new', basic('luis', 'right')), REFUSED)
    t.match(await attempt('known', basic('luis', 'right')), { name: 'luis' })
  },
)

t.test('names longer than usual and names with spaces have counters of their own', async (t) => {
  const { authenticate } = createCheck()
  const attempt = limitFailedLogins(authenticate, limitOf(1))
  await attempt('one', basic('a b', 'x'))
  t.equal(await attempt('one a', basic('b', 'x')), undefined)
  t.equal(await attempt('one', bearer('a b')), undefined)
})

t.test('after too many failed logins, a login gets 429 with Retry-After', async (t) => {
  t.capture(performance, 'now', () => 0) // stops the clock, because a second could pass on a busy machine
  const app = await build(t, { ...ACCOUNT, AUTH_FAILURE_LIMIT: '2' })
  const login = (password: string) => ({
    url: '/vault',
    headers: { authorization: `Basic ${Buffer.from(`admin:${password}`).toString('base64')}` },
  })
  for (const password of ['a', 'b']) await expectReply(t, app, login(password), { status: 401 })
  await expectReply(t, app, login('secret'), {
    status: 429,
    headers: { 'retry-after': '60' },
    body: { status: 429, message: 'Too Many Requests: too many failed logins' },
  })
  await expectReply(t, app, { ...login('secret'), remoteAddress: '192.0.2.1' }, {})
})

t.test('the IPv6 /64 networks of a /56 share four times the limit of a /64', async (t) => {
  const { authenticate } = createCheck()
  const attempt = limitFailedLogins(authenticate, limitOf(1))
  for (let index = 0; index < 4; index++) {
    t.equal(await attempt(`2001:db8:0:${index}::/64`, basic('luis', 'a')), undefined)
  }
  await t.rejects(attempt('2001:db8:0:ff::/64', basic('luis', 'right')), REFUSED)
  t.match(await attempt('2001:db8:0:100::/64', basic('luis', 'right')), { name: 'luis' })
  for (let count = 0; count < 40; count++) {
    await attempt(`2001:db8:1:${(count % 16).toString(16)}::/64`, basic(`name ${count}`, 'a'))
  }
  await t.rejects(attempt('2001:db8:1:ff::/64', basic('zoe', 'right')), REFUSED, 'for all names')
})
